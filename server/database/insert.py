"""Insert a row unless its unique key is taken: decided by the database, in one statement, on SQLite and PostgreSQL alike."""

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def insert_once(session: Session, row: SQLModel) -> bool:
    """Whether `row` was inserted. False: another row has one of its unique keys, and nothing changed."""
    mapper = inspect(type(row))
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {attribute.columns[0].name: getattr(row, attribute.key) for attribute in mapper.column_attrs}
    statement = insert(mapper.local_table).values(values).on_conflict_do_nothing()
    return session.execute(statement.returning(*mapper.primary_key)).first() is not None
