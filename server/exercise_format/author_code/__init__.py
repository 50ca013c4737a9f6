"""An author's code, looked at as a syntax tree; nothing is run."""
