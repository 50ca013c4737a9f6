"""Touchstone's server: doors (web, worker, cli) over domains over plumbing."""
