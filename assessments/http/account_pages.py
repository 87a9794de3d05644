"""What allauth's pages get on top: limits, methods, and a clean browser after signing out."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from allauth.account.internal.stagekit import unstash_login
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse
from django.utils import timezone

from assessments.http.limits import (
    ACCOUNT_USER,
    LOGIN_ACCOUNT,
    LOGIN_CODE_ACCOUNT,
    LOGIN_IP,
    RESET_ACCOUNT,
    SIGNUP_IP,
    Limit,
    TooMany,
    take,
)
from assessments.http.middleware import too_many_page
from assessments.http.security_log import account_mark, note
from assessments.people.origin import client_ip

# A code of an app holds for half a minute and its neighbours; whoever looked over a shoulder must
# not use it once more. allauth remembers it in a cache, which each process has for itself.
APP_CODE = Limit("app-code", tokens=1, per=timedelta(seconds=90))
METHODS = ("GET", "HEAD", "POST")
# Where a secret is asked for that can be guessed.
GUESSABLE = {
    "account_login", "account_confirm_login_code", "account_email_verification_sent",
    "account_reauthenticate", "account_confirm_reauthentication_code", "account_change_password",
    "mfa_authenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
    "mfa_login_webauthn", "account_reset_password_from_key",
}  # fmt: skip
# Where an e-mail goes out to the address that is sent, or to one's own.
SENDS_CODE = {
    "account_request_login_code", "account_request_reauthentication_code", "account_email",
}  # fmt: skip
TAKES_APP_CODE = {"mfa_authenticate", "mfa_reauthenticate"}
SIGNS_UP = {"account_signup", "account_signup_by_passkey", "mfa_signup_webauthn"}
# Nobody is ever kept from leaving.
FREE = {"account_logout", "usersessions_list"}
SIGNS_OUT = {"account_logout", "admin:logout"}
# Where a request remembers which account it is about.
ASKED = "roleassess.account"


class AccountPages:
    """Stands before allauth's views, known by their names, which it cannot be asked to limit."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; after signing out, the browser forgets what it kept."""
        response = self.get_response(request)
        match = request.resolver_match
        if request.method == "POST" and match:
            if match.view_name in SIGNS_OUT:
                response.headers["Clear-Site-Data"] = '"storage"'
            if match.view_name in GUESSABLE and _is_failure(response):
                note("not_proved", request, account=account_mark(request.META[ASKED]))
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """405 and 429, if it has to be; before the view has read anything."""
        name = request.resolver_match.url_name if request.resolver_match else None
        if not view.__module__.startswith("allauth.") or name is None:
            return None
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        # Before the view: after a last wrong code nobody is half in any more.
        account = request.META[ASKED] = _account(request) if request.method == "POST" else ""
        try:
            if request.method == "POST" and name not in FREE:
                for limit, key in _limits(request, name, account):
                    take(limit, key, timezone.now())
        except TooMany as error:
            return too_many_page(request, error)
        return None

    def process_template_response(self, request: HttpRequest, response: Any) -> Any:
        """422 for a form with errors, as everywhere; allauth says 200."""
        form = (response.context_data or {}).get("form")
        if request.method == "POST" and isinstance(form, BaseForm) and form.errors:
            response.status_code = 422
        return response


def _is_failure(response: HttpResponse) -> bool:
    """A form that comes back, or after a last wrong code or passkey the way to the beginning."""
    beginnings = (reverse("account_login"), reverse("account_request_login_code"))
    return response.status_code == 422 or response.headers.get("Location") in beginnings


def _limits(request: HttpRequest, name: str, account: str) -> Iterator[tuple[Limit, object]]:
    """What a post uses up; the sender's first, so that others do not pay for a flood."""
    ip = client_ip(request)
    if name in SIGNS_UP:
        yield SIGNUP_IP, ip
    elif name in GUESSABLE or name in SENDS_CODE or name == "account_reset_password":
        yield LOGIN_IP, ip
    if name == "account_reset_password":
        yield RESET_ACCOUNT, account
    elif name in SENDS_CODE:
        yield LOGIN_CODE_ACCOUNT, account
    elif name in GUESSABLE:
        yield LOGIN_ACCOUNT, account
        # The same form without a password asks for a code, and this one for another.
        asks_for_code = name == "account_login" and not request.POST.get("password")
        if asks_for_code or request.POST.get("action") == "resend":
            yield LOGIN_CODE_ACCOUNT, account
    code = "".join(filter(str.isalnum, request.POST.get("code", "")))
    if name in TAKES_APP_CODE and code:
        yield APP_CODE, f"{account} {code}"
    if request.user.is_authenticated:
        yield ACCOUNT_USER, request.user.pk


def _account(request: HttpRequest) -> str:
    """Whose account it is about: as the address that was sent says, or the session."""
    sent = request.POST.get("login") or request.POST.get("email")
    if sent:
        return _normal(sent)
    if request.user.is_authenticated:
        return _normal(request.user.email)
    half_in = unstash_login(request, peek=True)
    if half_in and half_in.user:
        return _normal(half_in.user.email)
    # Nobody's yet, or nobody's at all: the browser's own.
    return f"session {request.session.session_key}"


def _normal(address: str) -> str:
    return address.strip().casefold()
