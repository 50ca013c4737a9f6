"""All tables, imported in one place: foreign keys name tables of other domains, and migrations compare with all of them."""

from sqlmodel import SQLModel

import server.accounts.tables
import server.bank.tables
import server.queue.tables

metadata = SQLModel.metadata

__all__ = ["metadata", "server"]
