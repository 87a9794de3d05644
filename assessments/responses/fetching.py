"""The attempt that a request of taking is about, fetched at the least cost."""

from functools import cache
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
    sql, params = _compiled(held=held, signed_in=actor.user_id is not None)
    bound = {_stored(_ANY_ATTEMPT): _stored(pk), _ANY_USER: actor.user_id}
    return next(iter(Attempt.objects.raw(sql, [bound[param] for param in params])), None)


@cache
def _compiled(*, held: bool, signed_in: bool) -> tuple[str, tuple[object, ...]]:
    actor = Actor(_ANY_USER if signed_in else None, (_ANY_ATTEMPT,) if held else ())
    rows = Attempt.objects.editable_by(actor).filter(pk=_ANY_ATTEMPT)
    sql, params = rows.query.sql_with_params()
    return sql, tuple(params)


def _stored(pk: UUID) -> object:
    """As the database has it: SQLite knows no UUIDs."""
    return Attempt._meta.pk.get_db_prep_value(pk, connection)
