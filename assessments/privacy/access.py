"""Who may erase: whoever signed in a short while ago, and not whoever found the browser open."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

SIGNED_IN_WITHIN = timedelta(minutes=30)


def recently_signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask for a fresh sign-in before the view, if the last one is longer ago."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        last = request.user.is_authenticated and request.user.last_login
        if last and timezone.now() - last <= SIGNED_IN_WITHIN:
            return view(request, *args, **kwargs)
        logout(request)
        return redirect_to_login(request.get_full_path())

    return wrapped
