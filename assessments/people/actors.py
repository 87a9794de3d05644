"""Who is asking: the one value that every permission query takes."""

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.http import HttpRequest

from assessments.people.models import User

HELD_ATTEMPTS = "held_attempts"
# Enough for anyone's tries; keeps the session row small.
HELD_ATTEMPTS_MAX = 30


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in user or nobody, and the anonymous attempts that this browser holds."""

    user_id: int | None
    held_attempts: tuple[UUID, ...]


def actor_of(request: HttpRequest) -> Actor:
    """Who sent this request; asks the session each time, so that a revocation counts at once."""
    held = request.session.get(HELD_ATTEMPTS, [])
    return Actor(user_id=request.user.pk, held_attempts=tuple(UUID(pk) for pk in held))


def user_of(request: HttpRequest) -> User:
    """Whoever is signed in; for pages that are closed to everybody else."""
    return cast(User, request.user)


def hold_attempt(request: HttpRequest, pk: UUID) -> None:
    """Let this browser's session open an anonymous attempt from now on."""
    held = [key for key in request.session.get(HELD_ATTEMPTS, []) if key != str(pk)]
    request.session[HELD_ATTEMPTS] = [*held, str(pk)][-HELD_ATTEMPTS_MAX:]


def release_attempt(request: HttpRequest, pk: UUID) -> None:
    """Forget an attempt that this browser held."""
    held = request.session.get(HELD_ATTEMPTS, [])
    request.session[HELD_ATTEMPTS] = [key for key in held if key != str(pk)]
