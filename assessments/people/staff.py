"""Staff see more than others, so neither a password alone nor an old sign-in must open it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.people.signing_in import shown_at

# NIST 800-63B-4, 2.2.3. What is being written gets an hour more, since asking would lose it.
SHOWN_WITHIN = {True: timedelta(hours=12), False: timedelta(hours=13)}
SAFE = ("GET", "HEAD")


class SecondFactorForStaff:
    """Sends staff from the admin to where they add a second factor, or show again who they are."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Before any page of the admin."""
        match = request.resolver_match
        if not (match and "admin" in match.app_names and request.user.is_staff):
            return None
        if timezone.now() - shown_at(request) > SHOWN_WITHIN[request.method in SAFE]:
            back = {"next": request.get_full_path()}
            return redirect(f"{reverse('account_reauthenticate')}?{urlencode(back)}")
        # Whoever signed in has passed it, so having one is enough.
        if not settings.REQUIRE_STAFF_MFA or is_mfa_enabled(request.user):
            return None
        messages.warning(
            request,
            _("Staff need a second factor. Add an authenticator app or a passkey, then go on."),
        )
        return redirect("mfa_index")
