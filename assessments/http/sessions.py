"""Sessions in the database, so that ending one counts at the next request."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from assessments.http.away import is_away
from assessments.people.signing_in import signed_in_until

GIVEN_KEY = re.compile(r"[a-z0-9]{32}")


class SessionStore(db.SessionStore):
    """Django's, except for keys that it never gave and for a database that is away."""

    def __init__(self, session_key: str | None = None) -> None:
        # Others hold no session, and PostgreSQL fails on some of them, as on NUL.
        super().__init__(session_key if GIVEN_KEY.fullmatch(session_key or "") else None)

    def load(self) -> dict[str, Any]:
        """The stored values; none, and no key, where there is no such session or it has ended.

        One query, written out: the ORM's share would be a tenth of what saving an answer costs.
        """
        if self.session_key is None:
            return self._none_stored()
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT session_data FROM django_session"
                " WHERE session_key = %s AND expire_date > %s",
                [self.session_key, now],
            )
            found = cursor.fetchone()
        return self.decode(found[0]) if found else self._none_stored()

    def _none_stored(self) -> dict[str, Any]:
        # A new key, or anybody could choose theirs.
        self._session_key = None
        return {}

    def save(self, must_create: bool = False) -> None:
        """Store it; raises `UpdateError` only if it was deleted meanwhile."""
        try:
            super().save(must_create)
        except UpdateError as error:
            # Django says so for every fault of the database, which would become a 400.
            fault = error.__context__
            if fault and is_away(fault):
                # With what the driver said, by which it is known once more further up.
                raise fault from fault.__cause__
            raise

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """Django's, but use does not move it beyond the time for which one is signed in."""
        until = signed_in_until(self)
        expiry: datetime = super().get_expiry_date(**kwargs)
        return min(expiry, until) if until else expiry

    def get_expiry_age(self, **kwargs: Any) -> int:
        """The same in seconds, for the cookie."""
        until = signed_in_until(self)
        age: int = super().get_expiry_age(**kwargs)
        if until is None:
            return age
        left = until - kwargs.get("modification", timezone.now())
        return max(0, min(age, int(left.total_seconds())))


def sessions_of(user_pk: int) -> Iterator[Session]:
    """The sessions in which a user is signed in, ended ones too that are still stored.

    Who that is stands inside a session, so that each has to be opened.
    """
    for session in Session.objects.iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user_pk):
            yield session
