"""Insert a row unless its unique key is taken: decided by the database, in one statement, on SQLite and PostgreSQL alike."""

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def insert_once(session: Session, row: SQLModel) -> bool:
    """Whether `row` was inserted. False: another row has one of its unique keys, and nothing changed."""
    table = inspect(type(row)).local_table
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {column.name: getattr(row, column.key) for column in inspect(type(row)).mapper.column_attrs for column in [column.columns[0]]}
    statement = insert(table).values(values).on_conflict_do_nothing()
    return session.execute(statement).rowcount == 1  # type: ignore[attr-defined]
