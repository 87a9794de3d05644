"""Marks for views: who may reach a page without signing in, and what robots are told."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse

from assessments.errors import Gone
from assessments.http.security_log import note

View = Callable[..., HttpResponse]


def public_page(view: View) -> View:
    """For everybody; holds nothing of a person."""
    return login_not_required(view)


def attempt_page(view: View) -> View:
    """One person's attempt: no account is needed, the query in the view is the permission."""

    @login_not_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _unlisted(view, request, *args, **kwargs)

    return wrapped


def personal_page(view: View) -> View:
    """For whoever is signed in; what the view fetches decides what they may see."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _unlisted(view, request, *args, **kwargs)

    return wrapped


def _unlisted(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        response = view(request, *args, **kwargs)
    except (Gone, Http404) as error:
        # Somebody else's, or nobody's: the page does not tell, and neither does the log.
        note("not_found_or_not_theirs", request)
        raise Http404 from error
    response.headers["X-Robots-Tag"] = "noindex"
    return response
