"""Error pages in the site's look, with what happened, what is safe, and one way on."""

import sys

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token

from assessments.http.away import is_away
from assessments.http.request_id import current_request_id
from assessments.http.security_log import note

RETRY_AFTER_SECONDS = 5


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: what was sent cannot be read."""
    return HttpResponse(_alone("400.html"), status=400)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: may see it, may not do it."""
    note("refused", request)
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form is too old or came from elsewhere."""
    note("csrf_refused", request)
    return render(request, "403_csrf.html", status=403)


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such page, or none for you. Its body never tells which."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 for a bug; 503 while the database does not answer, so that clients try again."""
    if is_away(sys.exc_info()[1]):
        return unavailable(request)
    return HttpResponse(_alone("500.html"), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503, from a template that needs neither database nor session."""
    response = HttpResponse(_alone("503.html"), status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _alone(template: str) -> str:
    """A page that needs neither the request nor what hangs on it: session, user, database."""
    context = {"site_name": settings.SITE_NAME, "request_id": current_request_id()}
    return loader.render_to_string(template, context)
