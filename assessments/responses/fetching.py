"""The attempt that a request of taking is about, fetched at the least cost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection

from assessments.people.actors import Actor
from assessments.responses.models import Attempt

# Stand for the values when a query is compiled; neither is ever anybody's.
_ANY_ATTEMPT, _ANY_USER = UUID(int=0), -1


def editable_attempt(actor: Actor, pk: UUID) -> Attempt | None:
    """`Attempt.objects.editable_by(actor)` of that id; None where there is none.

    Every answer that is saved pays for it, and compiling it cost more than all else about it. So
    it is compiled once per process.
    """
    held = pk in actor.held_attempts
    if not held and actor.user_id is None:
        return None
    query = _compiled(held=held, signed_in=actor.user_id is not None)
    bound: dict[object, Any] = {_stored(_ANY_ATTEMPT): _stored(pk), _ANY_USER: actor.user_id}
    with connection.cursor() as cursor:
        cursor.execute(query.sql, [bound[param] for param in query.params])
        row = cursor.fetchone()
    return None if row is None else Attempt.from_db(connection.alias, query.names, query.read(row))


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A query as text, and what turns its columns into the values of an attempt."""

    sql: str
    params: tuple[object, ...]
    names: tuple[str, ...]
    converters: dict[int, tuple[list[Callable[..., Any]], Any]]

    def read(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for place, (converters, column) in self.converters.items():
            for convert in converters:
                values[place] = convert(values[place], column, connection)
        return values


@cache
def _compiled(*, held: bool, signed_in: bool) -> _Compiled:
    actor = Actor(_ANY_USER if signed_in else None, (_ANY_ATTEMPT,) if held else ())
    rows = Attempt.objects.editable_by(actor).filter(pk=_ANY_ATTEMPT)
    compiler = rows.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    columns = [column for column, *_ in compiler.select]
    return _Compiled(
        sql=sql,
        params=tuple(params),
        names=tuple(column.target.attname for column in columns),
        converters=compiler.get_converters(columns),
    )


def _stored(pk: UUID) -> object:
    """As the database has it: SQLite knows no UUIDs."""
    return Attempt._meta.pk.get_db_prep_value(pk, connection)
