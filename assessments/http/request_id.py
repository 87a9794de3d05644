"""A number for each request, which its log lines, its answer and its error page name."""

import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}")

_current: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    """That of the request being answered; empty outside one."""
    return _current.get()


def with_request_id(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Stand first, so that whatever is logged on the way has the number."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = _current.set(_given(request) or secrets.token_hex(8))
        try:
            response = get_response(request)
            response.headers[HEADER] = _current.get()
            return response
        finally:
            _current.reset(token)

    return middleware


def _given(request: HttpRequest) -> str:
    """What our own proxy called it, so that both logs agree; nobody else may choose it."""
    given: str = request.headers.get(HEADER, "") if settings.TRUSTED_PROXIES else ""
    return given if GIVEN.fullmatch(given) else ""
