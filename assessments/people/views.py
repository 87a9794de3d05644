"""One's account, at a glance."""

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """What can be managed: address, password, second factor, sessions."""
    context = {"has_second_factor": is_mfa_enabled(request.user)}
    return render(request, "account/account.html", context)
