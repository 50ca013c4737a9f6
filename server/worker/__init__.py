"""The worker door: claims jobs and runs them."""
