"""Who lets whom see what, until when; the ledger that proves it, and the log of every look."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.people.actors import Actor

# About six months unless the client says otherwise, never longer than a year.
CONSENT_DAYS, CONSENT_DAYS_MAX = 183, 366
REMIND_DAYS_BEFORE_END = 14
# A coach's notes go this long after the consent they rest on (trust 5).
NOTES_KEPT_DAYS = 30


class Scope(models.TextChoices):
    """What a consent may name beside the result itself, which it always names."""

    ANSWERS = "answers", _("single answers")
    PLAN = "plan", _("study plan")
    LATER_ATTEMPTS = "later_attempts", _("later attempts")
    EXPORT = "export", _("export")


class ConsentQuerySet(models.QuerySet["Consent"]):
    """The permission is the query, asked anew with every request."""

    def given_by(self, actor: Actor) -> Self:
        """The actor's own consents, ended ones too."""
        return self.filter(client=actor.user_id) if actor.user_id else self.none()

    def given_to(self, actor: Actor) -> Self:
        """What others let the actor see, as long as the actor has a coach desk."""
        if not actor.user_id:
            return self.none()
        return self.filter(coach=actor.user_id, coach__coach_profile__is_approved=True)

    def in_force(self, at: datetime) -> Self:
        """Neither withdrawn nor run out."""
        return self.filter(ended_at=None, expires_at__gt=at)


class Consent(models.Model):
    """A client lets a coach read a result, and whatever else the scopes name, until a day.

    One is open between the two at a time: to change it is to end it and to give another.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="consents_given",
        verbose_name=_("client"),
    )
    coach = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="consents_received",
        verbose_name=_("coach"),
    )
    # By name: attempts stand above people in the import order.
    attempt = models.ForeignKey(
        "assessments.Attempt",
        on_delete=models.CASCADE,
        related_name="consents",
        verbose_name=_("attempt"),
    )
    answers = models.BooleanField(Scope.ANSWERS.label, default=False)
    plan = models.BooleanField(Scope.PLAN.label, default=False)
    later_attempts = models.BooleanField(Scope.LATER_ATTEMPTS.label, default=False)
    export = models.BooleanField(Scope.EXPORT.label, default=False)
    text_digest = models.CharField(_("digest of the text shown"), max_length=71)
    given_at = models.DateTimeField(_("given at"))
    expires_at = models.DateTimeField(_("ends at"))
    ended_at = models.DateTimeField(_("ended early at"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_open_consent_between_two_people",
                fields=["client", "coach"],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="nobody_coaches_themselves", condition=~Q(client=models.F("coach"))
            ),
            models.CheckConstraint(
                name="a_consent_ends_after_it_begins",
                condition=Q(expires_at__gt=models.F("given_at")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def scopes(self) -> list[str]:
        """The scopes it names, in the order of `Scope`."""
        return [scope.value for scope in Scope if getattr(self, scope.value)]

    def is_in_force(self, at: datetime) -> bool:
        """Whether it lets anybody see anything at that time."""
        return self.ended_at is None and self.expires_at > at

    @property
    def over_at(self) -> datetime:
        """When it ended or will end."""
        return min(self.ended_at, self.expires_at) if self.ended_at else self.expires_at

    @property
    def notes_kept_until(self) -> datetime:
        """When the coach's notes that rest on it go."""
        return self.over_at + timedelta(days=NOTES_KEPT_DAYS)


class Deed(models.TextChoices):
    """What the ledger records."""

    GIVEN = "given", _("given")
    REPLACED = "replaced", _("replaced by a new one")
    WITHDRAWN = "withdrawn", _("withdrawn")
    ENDED_BY_COACH = "ended_by_coach", _("ended by the coach")
    ERASED = "erased", _("account erased")


class ConsentEvent(models.Model):
    """A line of the ledger: who agreed to what, by which text, when it was given or ended.

    Append-only: the database refuses to change a line, or to delete one of somebody whose
    erasure it does not record (migration 0006). It names people by their `ledger_ref` alone.
    """

    consent_ref = models.UUIDField(_("consent"), null=True, blank=True)
    client_ref = models.UUIDField(_("client"), db_index=True)
    coach_ref = models.UUIDField(_("coach"), null=True, blank=True)
    deed = models.CharField(_("deed"), max_length=20, choices=Deed)
    scopes = models.CharField(_("scopes"), max_length=60, blank=True)
    expires_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    text_digest = models.CharField(_("digest of the text shown"), max_length=71, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("line of the consent ledger")
        verbose_name_plural = _("consent ledger")

    def __str__(self) -> str:
        return f"{self.deed} {self.at:%Y-%m-%d}"


class Look(models.TextChoices):
    """What somebody other than the owner looked at."""

    CLIENT_PAGE = "client", _("opened your page: scores, what to ask about, plan progress")
    RESULT = "result", _("opened the result")
    ANSWERS = "answers", _("opened the single answers")
    PLAN = "plan", _("opened the study plan")
    BRIEF = "brief", _("opened the session brief")
    SECOND_VIEW = "second_view", _("compared their own view with your result")
    COHORT = "cohort", _("opened the overview of a group that you are in")
    COHORT_TABLE = "cohort_table", _("downloaded the overview of a group that you are in")
    PDF = "pdf", _("downloaded the result as PDF")
    TABLE = "table", _("downloaded the result as a table")


class AccessEventQuerySet(models.QuerySet["AccessEvent"]):
    """Both sides see the same lines."""

    def seen_by(self, actor: Actor) -> Self:
        """Every look at what is the actor's, and every look that the actor took."""
        if not actor.user_id:
            return self.none()
        return self.filter(Q(client=actor.user_id) | Q(reader=actor.user_id))


class AccessEvent(models.Model):
    """One look by somebody other than the owner; written with the read, or nothing is read.

    The database refuses to change what it says (migration 0006); erasing a person empties the
    reference to them.
    """

    client = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="looked_at",
        verbose_name=_("client"),
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="looks",
        verbose_name=_("reader"),
    )
    attempt = models.ForeignKey(
        "assessments.Attempt",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("attempt"),
    )
    look = models.CharField(_("look"), max_length=20, choices=Look)
    at = models.DateTimeField(_("at"))

    objects = AccessEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of the access log")
        verbose_name_plural = _("access log")
        indexes: ClassVar = [
            models.Index(fields=["client", "-at"], name="access_of_client"),
            models.Index(fields=["at"], name="access_at"),
        ]

    def __str__(self) -> str:
        return f"{self.look} {self.at:%Y-%m-%d %H:%M}"
