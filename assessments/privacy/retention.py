"""What is kept no longer than its purpose (trust 5): each rule says what is due at a time.

A run takes the rules in their order, in which none makes anything due by a later one: so a dry
run counts exactly what the run would delete. What becomes due by an earlier one, as an
invitation does whose attempt went, is left to the next run.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from assessments.coaching.models import Assignment, Client, Note, SecondView
from assessments.editing.transfer import out_of_time
from assessments.errors import Gone
from assessments.http.limits import full_buckets
from assessments.people.consents import (
    NOTES_KEPT_DAYS,
    AccessEvent,
    Consent,
    ConsentEvent,
    Deed,
)
from assessments.people.mail import send
from assessments.people.models import User
from assessments.privacy.services import ERASED_DOMAIN, erase_account
from assessments.responses.models import ANONYMOUS_KEPT_DAYS, Attempt
from assessments.responses.services import lock_for_deletion

ANONYMOUS_KEPT = timedelta(days=ANONYMOUS_KEPT_DAYS)
UNFINISHED_KEPT = INVITATION_KEPT = ACCESS_LOG_KEPT = timedelta(days=365)
NOTES_KEPT = timedelta(days=NOTES_KEPT_DAYS)
LEDGER_KEPT = timedelta(days=3 * 365)
IDLE_AFTER = timedelta(days=2 * 365)
IDLE_NOTICE = timedelta(days=30)
# Well before the first signs of use go.
USE_KNOWN_WITHIN = timedelta(days=60)
# Short transactions: nobody waits long for a lock.
BATCH = 500

Due = Callable[[datetime], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Rule:
    """What is due at a time, by a name, and how many rows one transaction deletes."""

    key: str
    due: Due
    batch: int = BATCH


def _sessions(at: datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=at)


def _browsers(at: datetime) -> QuerySet[UserSession]:
    """What is kept of where a session began, once the session has run out or was ended."""
    running = Session.objects.filter(expire_date__gte=at).values("session_key")
    return UserSession.objects.exclude(session_key__in=running)


def _access_log(at: datetime) -> QuerySet[AccessEvent]:
    return AccessEvent.objects.filter(at__lt=at - ACCESS_LOG_KEPT)


def _ledger_lines(at: datetime) -> QuerySet[ConsentEvent]:
    """Lines of people erased long ago, but for the one that records the erasure."""
    return ConsentEvent.objects.filter(Exists(_long_erased(at))).exclude(deed=Deed.ERASED)


def _ledger_ends(at: datetime) -> QuerySet[ConsentEvent]:
    """The erasures themselves: the database lets the other lines go only while these stand."""
    return ConsentEvent.objects.filter(Exists(_long_erased(at)), deed=Deed.ERASED)


def _long_erased(at: datetime) -> QuerySet[ConsentEvent]:
    erasures = ConsentEvent.objects.filter(deed=Deed.ERASED, at__lt=at - LEDGER_KEPT)
    return erasures.filter(client_ref=OuterRef("client_ref"))


def _past_consent(rows: QuerySet[Any], written: str) -> Due:
    """What a coach wrote about a client whose last consent ended long enough ago."""

    def due(at: datetime) -> QuerySet[Any]:
        before = at - NOTES_KEPT
        between = Consent.objects.filter(
            client=OuterRef("client__person"), coach=OuterRef("client__coach")
        )
        still_counts = between.filter(Q(ended_at=None) | Q(ended_at__gt=before))
        # A consent goes with the attempt that it names; then its end stands in the ledger alone.
        ends = ConsentEvent.objects.filter(
            client_ref=OuterRef("client__person__ledger_ref"),
            coach_ref=OuterRef("client__coach__ledger_ref"),
            deed__in=[Deed.WITHDRAWN, Deed.ENDED_BY_COACH],
            at__gt=before,
            expires_at__gt=before,
        )
        return rows.filter(
            ~Exists(still_counts.filter(expires_at__gt=before)),
            ~Exists(ends),
            **{f"{written}__lte": before},
        )

    return due


def _invitations(at: datetime) -> QuerySet[Client]:
    """Those that nobody took up, counted from the last time that they were sent or opened."""
    return Client.objects.filter(person=None, attempt=None, touched_at__lt=at - INVITATION_KEPT)


def _anonymous(at: datetime) -> QuerySet[Attempt]:
    return Attempt.objects.filter(owner=None, last_used_at__lt=at - ANONYMOUS_KEPT)


def _unfinished(at: datetime) -> QuerySet[Attempt]:
    before = at - UNFINISHED_KEPT
    return Attempt.objects.filter(owner__isnull=False, finished_at=None, last_used_at__lt=before)


def _with_last_use(users: QuerySet[User]) -> QuerySet[Any]:
    """Each with the last time that is on record as `known_use`, and that there are signs of."""
    signs = (
        Attempt.objects.filter(owner=OuterRef("pk"))
        .order_by("-last_used_at")
        .values("last_used_at"),
        AccessEvent.objects.filter(reader=OuterRef("pk")).order_by("-at").values("at"),
        Client.objects.filter(coach=OuterRef("pk")).order_by("-touched_at").values("touched_at"),
        Consent.objects.filter(client=OuterRef("pk")).order_by("-given_at").values("given_at"),
    )
    # Databases differ in what the greatest is where one is missing.
    newest = [Coalesce(Subquery(sign[:1]), "date_joined") for sign in signs]
    known = Greatest(Coalesce("last_login", "date_joined"), Coalesce("used_at", "date_joined"))
    return users.annotate(known_use=known, last_use=Greatest(known, *newest))


def _remember_use(at: datetime) -> None:
    """Put on record that accounts were used, before the signs of it go."""
    users = _with_last_use(User.objects.filter(is_staff=False))
    behind = users.filter(known_use__lt=at - USE_KNOWN_WITHIN, last_use__gt=F("known_use"))
    for pk, last_use in list(behind.values_list("pk", "last_use")):
        User.objects.filter(pk=pk).update(used_at=last_use)


def _idle(at: datetime) -> QuerySet[User]:
    """Accounts of which nothing was used for long; those who run the site are left out."""
    unused = _with_last_use(User.objects.filter(is_staff=False))
    return unused.filter(last_use__lt=at - IDLE_AFTER).exclude(email__endswith=f"@{ERASED_DOMAIN}")


def accounts_to_tell(at: datetime) -> QuerySet[User]:
    """Idle accounts that were not told so since they were last used."""
    # A notice older than the idle time is from before that use.
    return _idle(at).filter(Q(idle_notice_at=None) | Q(idle_notice_at__lte=at - IDLE_AFTER))


def _told_accounts(at: datetime) -> QuerySet[User]:
    told = Q(idle_notice_at__gt=at - IDLE_AFTER, idle_notice_at__lte=at - IDLE_NOTICE)
    return _idle(at).filter(told)


RULES = (
    Rule("expired_sessions", _sessions),
    Rule("ended_browsers", _browsers),
    Rule("rate_buckets", full_buckets),
    Rule("pending_imports", out_of_time),
    Rule("access_log_lines", _access_log),
    Rule("ledger_lines", _ledger_lines),
    Rule("ledger_ends", _ledger_ends),
    Rule("notes", _past_consent(Note.objects.all(), "written_at")),
    Rule("second_views", _past_consent(SecondView.objects.all(), "saved_at")),
    Rule("assignments", _past_consent(Assignment.objects.all(), "made_at")),
    Rule("invitations", _invitations),
    # One at a time: whoever comes back meanwhile loses nothing.
    Rule("anonymous_attempts", _anonymous, batch=1),
    Rule("unfinished_attempts", _unfinished, batch=1),
    Rule("idle_accounts", _told_accounts, batch=1),
)


def apply_retention(*, at: datetime, dry_run: bool) -> dict[str, int]:
    """Delete what is due at that time and announce what will be; how much of each kind."""
    if dry_run:
        due = {rule.key: rule.due(at).count() for rule in RULES}
        return {**due, "idle_accounts_told": accounts_to_tell(at).count()}
    _remember_use(at)
    done = {rule.key: _carry_out(rule, at) for rule in RULES}
    return {**done, "idle_accounts_told": _tell_idle_accounts(at)}


def _carry_out(rule: Rule, at: datetime) -> int:
    pks = list(rule.due(at).order_by("pk").values_list("pk", flat=True))
    deleted = 0
    for start in range(0, len(pks), rule.batch):
        deleted += _delete(rule, pks[start : start + rule.batch], at)
    return deleted


def _delete(rule: Rule, pks: list[Any], at: datetime) -> int:
    """Those of the rows that are still due."""
    due = rule.due(at).filter(pk__in=pks)
    if due.model is User:
        return sum(_erase_idle(user, at) for user in due)
    with transaction.atomic():
        if due.model is Attempt:
            locked = lock_for_deletion(due)
            due = due.model.objects.filter(pk__in=[attempt.pk for attempt in locked])
        _all, by_model = due.delete()
    return by_model.get(due.model._meta.label, 0)


def _erase_idle(user: User, at: datetime) -> bool:
    try:
        erase_account(user=user, at=at)
    except Gone:
        return False
    return True


def _tell_idle_accounts(at: datetime) -> int:
    context: dict[str, object] = {"url": settings.SITE_URL, "deleted_on": at + IDLE_NOTICE}
    told = 0
    for user in accounts_to_tell(at):
        subject = _("your account will be deleted")
        template = "assessments/privacy/mail/idle.txt"
        # Told only once the message is off: else the next run tries again.
        if send(to=user.email, subject=subject, template=template, context=context):
            User.objects.filter(pk=user.pk).update(idle_notice_at=at)
            told += 1
    return told
