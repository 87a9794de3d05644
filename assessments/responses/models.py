"""Attempts, their answers, the links back to them, and the report that finishing freezes."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, NamedTuple, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.analysis.models import CountedAs
from assessments.people.actors import Actor
from assessments.people.consents import Consent
from assessments.questionnaires.models import Edition

# Unfinished and not used for so long: the person has left.
LEFT_AFTER = timedelta(days=1)
# An anonymous attempt is kept this long after its last use (trust 5).
ANONYMOUS_KEPT_DAYS = 90
VALUE_MAX_LENGTH = 60
CLIENT_MAX_LENGTH = 40
# In place of the page that sent an answer, where it came from an earlier attempt.
CARRIED_OVER = "carried-over"


class AttemptQuerySet(models.QuerySet["Attempt"]):
    """The permission is the query: whatever these words leave out does not exist for the actor."""

    def visible_to(self, actor: Actor) -> Self:
        """Attempts whose result the actor may read: their own, and the anonymous ones held."""
        return self._of(actor)

    def editable_by(self, actor: Actor) -> Self:
        """Attempts that the actor may answer, finish and delete."""
        return self._of(actor)

    def shared_by(self, consent: Consent) -> Self:
        """What a consent names, newest first: the one shared, and later ones if it says so.

        Later ones of the same questionnaire: of another, the person has agreed to nothing.
        Whether the consent is in force is for `Consent.objects` to say.
        """
        shared = Q(pk=consent.attempt_id)
        if consent.later_attempts:
            shared |= Q(
                edition__questionnaire__editions=consent.attempt.edition_id,
                finished_at__gt=consent.attempt.finished_at,
            )
        theirs = self.finished().filter(shared, owner=consent.client_id)
        return theirs.order_by("-finished_at", "pk")

    def shared_by_any(self, consents: models.QuerySet[Consent]) -> Self:
        """What each of many consents names, newest first; the rule of `shared_by`."""
        # One filter, so that every part of it speaks of the same consent.
        theirs = self.finished().filter(
            Q(pk=F("owner__consents_given__attempt"))
            | Q(
                owner__consents_given__later_attempts=True,
                owner__consents_given__attempt__edition__questionnaire=F("edition__questionnaire"),
                finished_at__gt=F("owner__consents_given__attempt__finished_at"),
            ),
            owner__consents_given__in=consents,
        )
        return theirs.order_by("-finished_at", "pk")

    def finished(self) -> Self:
        """Those with a report."""
        return self.filter(finished_at__isnull=False)

    def in_the_sums(self) -> Self:
        """Those that question analysis has counted, one way or another."""
        return self.exclude(counted_as=CountedAs.NOT_YET)

    def finished_to_count(self) -> Self:
        """Finished ones that question analysis has not counted as such, the earliest first."""
        waiting = [CountedAs.NOT_YET, CountedAs.LEFT, CountedAs.BACK]
        return self.finished().filter(counted_as__in=waiting).order_by("finished_at", "pk")

    def left_to_count(self, at: datetime) -> Self:
        """Unfinished ones that were left by then, and are not counted as left where they are."""
        waiting = [CountedAs.NOT_YET, CountedAs.BACK]
        unfinished = self.filter(finished_at=None, counted_as__in=waiting)
        return unfinished.filter(last_used_at__lt=at - LEFT_AFTER).order_by("pk")

    def _of(self, actor: Actor) -> Self:
        held = Q(owner=None, pk__in=actor.held_attempts)
        return self.filter(held | Q(owner=actor.user_id) if actor.user_id else held)


class Attempt(models.Model):
    """One person taking one form of one edition."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(_("form"), max_length=60)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="attempts",
        verbose_name=_("owner"),
    )
    # Who will be offered the result first, when it is there. It opens nothing to them.
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("invited by"),
    )
    continued_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="continued_by"
    )
    consent_digest = models.CharField(
        _("digest of the text consented to"), max_length=71, editable=False
    )
    background = models.JSONField(_("background"), default=dict, blank=True)
    goal = models.CharField(_("role to compare with"), max_length=60, blank=True)
    advances_on_digit = models.BooleanField(_("a digit moves to the next question"), default=True)
    started_at = models.DateTimeField(_("started at"))
    last_used_at = models.DateTimeField(_("last used at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    # What it is to the sums of question analysis. The database refuses to delete a counted one
    # (migration 0011): it is taken out of them first.
    counted_as = models.CharField(
        _("counted as"), max_length=5, choices=CountedAs.choices, blank=True, editable=False
    )
    # The last question answered by somebody who is counted as having left.
    left_after = models.CharField(_("left after"), max_length=60, blank=True, editable=False)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        indexes: ClassVar = [
            models.Index(fields=["last_used_at"], name="attempt_last_used"),
            # What is new to question analysis is found among however many.
            models.Index(fields=["counted_as", "finished_at"], name="attempt_to_count"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_finished(self) -> bool:
        """Whether its answers are locked and its report stands."""
        return self.finished_at is not None

    @property
    def kept_until(self) -> datetime:
        """When an anonymous attempt goes, unless it is used again before."""
        return self.last_used_at + timedelta(days=ANONYMOUS_KEPT_DAYS)


class Answer(models.Model):
    """One stored response to one item of an attempt; an empty value is one taken back.

    `client`, `seq` and `revision` serve the save protocol (saving.py). The key starts with the
    attempt, so that the table can be distributed by it. The database refuses answers to a
    finished attempt (migration 0002).
    """

    pk = models.CompositePrimaryKey("attempt_id", "item_key")
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="answers")
    item_key = models.CharField(_("item"), max_length=60)
    value = models.CharField(_("value"), max_length=VALUE_MAX_LENGTH, blank=True)
    seconds = models.FloatField(_("seconds spent"), null=True, blank=True)
    client = models.CharField(_("page that sent it"), max_length=CLIENT_MAX_LENGTH)
    seq = models.PositiveIntegerField(_("number within that page"))
    revision = models.PositiveIntegerField(_("revision"))
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.item_key}"


class Given(NamedTuple):
    """What pages show of an answer: a plain value, quickly made."""

    item_key: str
    value: str
    revision: int
    saved_at: datetime


class PrivateLink(models.Model):
    """A way back to an anonymous attempt; only the token's SHA-256 is stored."""

    digest = models.CharField(max_length=64, primary_key=True)
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="links")
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("private link")
        verbose_name_plural = _("private links")

    def __str__(self) -> str:
        return f"{self.digest[:8]}…"


class Report(models.Model):
    """The frozen result of a finished attempt: `report/1` as canonical JSON, byte for byte.

    The database refuses to update it (migration 0002).
    """

    attempt = models.OneToOneField(Attempt, on_delete=models.CASCADE, primary_key=True)
    document = models.TextField(_("document"))

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")

    def __str__(self) -> str:
        return str(self.attempt_id)
