"""Outgoing mail: SMTP, or an outbox folder when no SMTP server is set."""
