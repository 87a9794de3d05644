"""The attempt that a request of taking is about, and its answers, fetched at the least cost."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from assessments.people.actors import Actor
from assessments.responses.models import Answer, Attempt, Given

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
    query = _editable(held=held, signed_in=actor.user_id is not None)
    row = next(query.rows({_stored(_ANY_ATTEMPT): _stored(pk), _ANY_USER: actor.user_id}), None)
    return None if row is None else Attempt.from_db(connection.alias, query.names, row)


def answers_of(attempt: Attempt) -> dict[str, Given]:
    """Its answers by item, without those taken back. One query, compiled once too."""
    rows = _answers().rows({_stored(_ANY_ATTEMPT): _stored(attempt.pk)})
    return {given.item_key: given for given in map(Given._make, rows) if given.value}


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A query as text, and what turns its columns into values."""

    sql: str
    params: tuple[object, ...]
    names: tuple[str, ...]
    converters: dict[int, tuple[list[Callable[..., Any]], Any]]

    def rows(self, bound: dict[object, Any]) -> Iterator[list[Any]]:
        """The rows with these values in the place of those it was compiled with."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [bound[param] for param in self.params])
            found = cursor.fetchall()
        return map(self._read, found)

    def _read(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for place, (converters, column) in self.converters.items():
            for convert in converters:
                values[place] = convert(values[place], column, connection)
        return values


@cache
def _editable(*, held: bool, signed_in: bool) -> _Compiled:
    actor = Actor(_ANY_USER if signed_in else None, (_ANY_ATTEMPT,) if held else ())
    return _compile(Attempt.objects.editable_by(actor).filter(pk=_ANY_ATTEMPT))


@cache
def _answers() -> _Compiled:
    return _compile(Answer.objects.filter(attempt=_ANY_ATTEMPT).values_list(*Given._fields))


def _compile(queryset: QuerySet[Any, Any]) -> _Compiled:
    compiler = queryset.query.get_compiler(connection=connection)
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
