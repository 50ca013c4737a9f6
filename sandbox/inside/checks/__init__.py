"""What authors import in check cells as `from touchstone.checks import close, raises, ...`; public.py lists it."""
