"""One's account, at a glance."""

from typing import cast

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.people.forms import NameForm
from assessments.people.models import User
from assessments.people.services import rename


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """What can be managed: address, password, second factor, sessions."""
    context = {"has_second_factor": is_mfa_enabled(request.user)}
    return render(request, "account/account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest) -> HttpResponse:
    """What coaches that one shares with, and clients of one's own, read; may stay empty."""
    # The site is closed to everybody else.
    me = cast(User, request.user)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": me.name})
    if form.is_valid():
        rename(user=me, name=form.cleaned_data["name"])
        messages.success(request, _("Saved."))
        return redirect("people:account")
    status = 422 if form.errors else 200
    return render(request, "account/name.html", {"form": form}, status=status)
