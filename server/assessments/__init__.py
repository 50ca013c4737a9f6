"""Hiring, a folder for each step: teams, blueprints, invitations, sittings, marking, decisions; then incidents, privacy, log.

A step imports from those before it only; the layers in pyproject.toml say so. Rows and decisions; no Flask, no clock, no commit.
"""
