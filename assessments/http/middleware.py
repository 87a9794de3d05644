"""What every response gets."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from assessments.errors import DomainError
from assessments.http.limits import TooMany
from assessments.http.security_log import note
from assessments.people.mail import MailNotSent

GetResponse = Callable[[HttpRequest], HttpResponse]
CLOSED = {
    # Another site gets nothing of this one into its own pages, as a picture or a script neither.
    "Cross-Origin-Resource-Policy": "same-origin",
    # What no page of ours asks a browser for.
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), "
    "payment=(), usb=()",
}


# An editor's file has 1 MB at most; then the fields beside it and what stands between them.
MOST_BYTES = 1_000_000 + settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def small_bodies(get_response: GetResponse) -> GetResponse:
    """400 for a body that no page takes, before any of it is read.

    Django's own limit leaves files out, and writes them to disk before a view can refuse them.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > MOST_BYTES:
            raise RequestDataTooBig("The body is larger than any page takes.")
        return get_response(request)

    return middleware


def no_store(get_response: GetResponse) -> GetResponse:
    """Pages hold a person's answers: no cache, shared or the browser's own, may keep them.

    It also makes the back button ask the server, so that it shows what is saved. Static files
    set their own header (they never reach the views) and keep it. All of them, and whatever else
    is answered, get the headers that close the site to other sites.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        for name, value in CLOSED.items():
            response.headers[name] = value
        return response

    return middleware


def too_many_page(request: HttpRequest, error: TooMany) -> HttpResponse:
    """429, and when to come back."""
    note("limit_reached", request, limit=error.limit)
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = str(error.retry_after)
    return response


class RefusalPage:
    """Where a rule said no and the view did not expect it: 429 for too often, 409 for a race."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a `DomainError` into its page; anything else is a bug and goes on."""
        if not isinstance(exception, DomainError):
            return None
        if isinstance(exception, TooMany):
            return too_many_page(request, exception)
        if isinstance(exception, MailNotSent):
            return render(request, "mail_not_sent.html", status=503)
        return render(request, "409.html", {"message": str(exception)}, status=409)


class SignInUnlessPublic(LoginRequiredMiddleware):
    """Every page is closed unless its view says otherwise; for those that do, asks nothing."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Django's asks who it is first, so that no page would do without the database."""
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)
