"""The web door: requests in, pages and JSON out."""
