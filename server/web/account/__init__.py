"""Sign up, sign in, sign out, passwords, first run."""
