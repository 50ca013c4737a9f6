"""What was handed in: frozen, read as data, put back into the exercise's structure."""
