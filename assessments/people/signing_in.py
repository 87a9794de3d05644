"""When somebody signed in, as their session remembers it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone

SIGNED_IN_AT = "signed_in_at"


def remember(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """Receives `user_logged_in`."""
    request.session[SIGNED_IN_AT] = timezone.now().timestamp()


def signed_in_until(session: SessionBase) -> datetime | None:
    """The end of a signed-in session, however much it is used; nothing if nobody signed in."""
    since = session.get(SIGNED_IN_AT)
    if since is None:
        return None
    return datetime.fromtimestamp(since, UTC) + timedelta(seconds=settings.SESSION_COOKIE_AGE)


def shown_at(request: HttpRequest) -> datetime:
    """When whoever is signed in last showed who they are: on signing in, or once more since."""
    times = [record["at"] for record in get_authentication_records(request, request.user)]
    return datetime.fromtimestamp(max(times, default=request.session.get(SIGNED_IN_AT, 0)), UTC)
