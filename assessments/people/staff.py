"""Staff see more than others, so a password alone must not open it."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _


class SecondFactorForStaff:
    """Sends staff without a second factor from the admin to where they add one."""

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
        if not (settings.REQUIRE_STAFF_MFA and match and "admin" in match.app_names):
            return None
        # Whoever signed in has passed it, so having one is enough.
        if not request.user.is_staff or is_mfa_enabled(request.user):
            return None
        messages.warning(
            request,
            _("Staff need a second factor. Add an authenticator app or a passkey, then go on."),
        )
        return redirect("mfa_index")
