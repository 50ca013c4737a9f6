"""What was handed in and the marks of people on it, blind to the candidate and to each other."""
