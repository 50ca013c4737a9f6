"""Hiring: teams, jobs, blueprints, invites and sittings. Rows and decisions; no Flask, no clock, no commit."""
