"""Plain data between judge and suspect: values as a small tree and blobs, and nothing of theirs that could act."""
