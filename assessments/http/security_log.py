"""The log of what matters for security: `roleassess.security`, a line an event.

The message is the event's name; who, what and where stand beside it as fields (`extra`). Nothing
that a sender typed is among them, so no line can be forged: people are numbers, an address that
was tried is its HMAC, of an IP only the network is kept. docs/asvs.md lists the events (16.1.1).
"""

import hashlib
import hmac
import logging
from collections.abc import Callable
from typing import Any

from allauth.account import signals as account_signals
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as mfa_signals
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth import signals as auth_signals
from django.db.models.signals import post_save
from django.http import HttpRequest

from assessments.people.origin import client_ip, kept_ip

LOG = logging.getLogger("roleassess.security")
ACCOUNT_DIGITS = 16
# Signals that carry a request and a user, by the event that they tell of.
EVENTS = {
    "signed_up": account_signals.user_signed_up,
    "signed_out": auth_signals.user_logged_out,
    "identity_shown": account_signals.authentication_step_completed,
    "password_set": account_signals.password_set,
    "password_changed": account_signals.password_changed,
    "password_reset": account_signals.password_reset,
    "email_changed": account_signals.email_changed,
    "second_factor_added": mfa_signals.authenticator_added,
    "second_factor_removed": mfa_signals.authenticator_removed,
    "recovery_codes_made": mfa_signals.authenticator_reset,
}
STAFF_ACTIONS = {1: "add", 2: "change", 3: "delete"}


def note(event: str, request: HttpRequest, **more: object) -> None:
    """Write a line about a request: who sent it, where from, for which page, and `more`."""
    match = request.resolver_match
    fields = {
        "event": event,
        "user": _signed_in(request),
        "network": kept_ip(client_ip(request)),
        "page": match.view_name if match else None,
        **more,
    }
    level = logging.INFO if event in QUIET else logging.WARNING
    LOG.log(level, event, extra=fields)


# What goes well; the rest is worth a look.
QUIET = {*EVENTS, "signed_in"}


def account_mark(address: str) -> str:
    """By it lines about one address belong together, without saying which it is."""
    digest = hmac.new(
        settings.SECRET_KEY.encode(),
        f"security log {address}".encode("utf-8", "surrogatepass"),
        hashlib.sha256,
    )
    return digest.hexdigest()[:ACCOUNT_DIGITS]


def connect() -> None:
    """Listen to Django and allauth; once, when the app is ready."""
    for event, signal in EVENTS.items():
        signal.connect(_noting(event), weak=False, dispatch_uid=f"security-log-{event}")
    auth_signals.user_logged_in.connect(_signed_in_now)
    post_save.connect(_staff_action, sender=LogEntry)


def _noting(event: str) -> Callable[..., None]:
    def receive(sender: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
        user, method = kwargs.get("user"), kwargs.get("method")
        factor = kwargs.get("authenticator")
        # Commands and tests sign people out without a request.
        if request is not None and user is not None:
            more = {"method": method} if method else {}
            more |= {"factor": factor.type} if factor is not None else {}
            note(event, request, user=user.pk, **more)

    return receive


def _signed_in_now(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    methods = [record["method"] for record in get_authentication_records(request, user)]
    note("signed_in", request, user=user.pk, methods=methods)


def _staff_action(sender: Any, instance: LogEntry, created: bool, **kwargs: Any) -> None:
    kind = instance.content_type
    LOG.info(
        "staff_action",
        extra={
            "event": "staff_action",
            "user": instance.user_id,
            "action": STAFF_ACTIONS.get(instance.action_flag, "other"),
            "kind": f"{kind.app_label}.{kind.model}" if kind else None,
            "object": instance.object_id,
        },
    )


def _signed_in(request: HttpRequest) -> int | None:
    # Without asking the database for somebody whom nobody asked for yet.
    user = getattr(request, "_cached_user", None)
    return user.pk if user is not None else None
