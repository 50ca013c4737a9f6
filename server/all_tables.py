"""All tables, imported in one place: foreign keys name tables of other domains, and migrations compare with all of them."""

from sqlmodel import SQLModel

import server.accounts.tables
import server.assessments.tables.blueprints
import server.assessments.tables.decisions
import server.assessments.tables.incidents
import server.assessments.tables.invitations
import server.assessments.tables.marking
import server.assessments.tables.sittings
import server.assessments.tables.teams
import server.audit.tables
import server.bank.tables
import server.grading.tables
import server.practice.tables
import server.queue.tables
import server.workspaces.tables

metadata = SQLModel.metadata

__all__ = ["metadata", "server"]
