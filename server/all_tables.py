"""All tables, imported in one place: foreign keys name tables of other domains, and migrations compare with all of them."""

from sqlmodel import SQLModel

import server.accounts.tables
import server.assessments.round_tables
import server.assessments.tables
import server.audit.tables
import server.bank.tables
import server.grading.tables
import server.practice.tables
import server.queue.tables
import server.workspaces.tables

metadata = SQLModel.metadata

__all__ = ["metadata", "server"]
