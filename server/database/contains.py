"""Whether a text holds another one, letter by letter: several times faster than LIKE, and no sign in it has a meaning."""

from typing import Any

from sqlalchemy import Boolean, ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class contains(GenericFunction[bool]):
    type = Boolean()
    inherit_cache = True

    def __init__(self, text: ColumnElement[Any], part: str) -> None:
        super().__init__(text, part)


@compiles(contains, "sqlite")
def _for_sqlite(element: contains, compiler: SQLCompiler, **more: Any) -> str:
    return f"instr({compiler.process(element.clauses, **more)}) > 0"


@compiles(contains, "postgresql")
def _for_postgres(element: contains, compiler: SQLCompiler, **more: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **more)}) > 0"
