"""A coach's desk: clients, groups, notes, what was assigned, and the coach's own view."""

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils.translation import gettext_lazy as _

from assessments.people.actors import Actor
from assessments.people.consents import AccessEvent, Consent
from assessments.people.models import NAME_MAX
from assessments.responses.models import Attempt

MESSAGE_MAX, NOTE_MAX, COHORT_NAME_MAX = 1_000, 10_000, 80
# Enough for any desk; keeps one page of it readable.
CLIENTS_PER_PAGE = 25


def _on_desk_of(actor: Actor) -> Q:
    """Rows whose coach is the actor, while the desk is open; of nobody there are none."""
    return Q(coach=actor.user_id, coach__coach_profile__is_approved=True)


class CohortQuerySet(models.QuerySet["Cohort"]):
    """A coach's own groups."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the actor's desk."""
        return self.filter(_on_desk_of(actor))


class Cohort(models.Model):
    """A group of clients that a coach works with together."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    coach = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cohorts"
    )
    name = models.CharField(_("name"), max_length=COHORT_NAME_MAX)

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_group_of_a_name", fields=["coach", "name"])
        ]

    def __str__(self) -> str:
        return self.name


class Status(models.TextChoices):
    """How far a client is; worked out, never stored."""

    INVITED = "invited", _("Invited")
    OPENED = "opened", _("Opened")
    IN_PROGRESS = "in_progress", _("In progress")
    FINISHED = "finished", _("Finished")
    SHARING = "sharing", _("Sharing")
    ENDED = "ended", _("Ended")


class ClientQuerySet(models.QuerySet["Client"]):
    """Words for a coach's desk; sorted by name or date, never by a score."""

    def visible_to(self, actor: Actor) -> Self:
        """The clients of the actor's desk."""
        return self.filter(_on_desk_of(actor))

    def with_status(self, at: datetime) -> Self:
        """Each with its `status` at that time, when its consent `shares_until`, and `active_at`.

        A consent counts only between this coach and this person.
        """
        between = Consent.objects.filter(client=models.OuterRef("person"), coach=F("coach"))
        between = between.filter(coach=models.OuterRef("coach"))
        return self.annotate(
            shares_until=models.Subquery(between.in_force(at).values("expires_at")[:1]),
            was_shared=models.Exists(between),
            active_at=Greatest(
                "touched_at",
                Coalesce("attempt__finished_at", "attempt__started_at", "touched_at"),
            ),
        ).annotate(
            status=models.Case(
                models.When(shares_until__isnull=False, then=models.Value(Status.SHARING)),
                models.When(
                    Q(was_shared=True) | Q(revoked_at__isnull=False),
                    then=models.Value(Status.ENDED),
                ),
                models.When(
                    attempt__finished_at__isnull=False, then=models.Value(Status.FINISHED)
                ),
                models.When(attempt__isnull=False, then=models.Value(Status.IN_PROGRESS)),
                models.When(opened_at__isnull=False, then=models.Value(Status.OPENED)),
                default=models.Value(Status.INVITED),
                output_field=models.CharField(),
            )
        )

    def with_next_step(self, at: datetime) -> Self:
        """Each with what the next step depends on: of `newest_shared`, whether it `was_read` and
        `has_view`; `shared_until` when the last consent was over, and whether it `has_notes`.

        For clients `with_status` at that time.
        """
        between = Consent.objects.filter(client=models.OuterRef("person"))
        between = between.filter(coach=models.OuterRef("coach"))
        later_than = models.Case(
            models.When(later_attempts=True, then=F("attempt__finished_at")),
            output_field=models.DateTimeField(),
        )
        in_force = between.in_force(at).annotate(later_than=later_than)
        newest = Attempt.objects.finished().filter(
            Q(pk=models.OuterRef("shared_attempt"))
            | Q(
                edition__questionnaire=models.OuterRef("shared_questionnaire"),
                finished_at__gt=models.OuterRef("shared_later_than"),
            ),
            owner=models.OuterRef("person"),
        )
        over_at = Least(Coalesce("ended_at", "expires_at"), "expires_at")
        over = between.annotate(was_over_at=over_at).order_by("-was_over_at")
        looks = AccessEvent.objects.filter(
            reader=models.OuterRef("coach"), attempt=models.OuterRef("newest_shared")
        )
        views = SecondView.objects.filter(
            client=models.OuterRef("pk"), attempt=models.OuterRef("newest_shared")
        )
        notes = Note.objects.filter(client=models.OuterRef("pk"))
        return (
            self.annotate(
                shared_attempt=models.Subquery(in_force.values("attempt")[:1]),
                shared_questionnaire=models.Subquery(
                    in_force.values("attempt__edition__questionnaire")[:1]
                ),
                shared_later_than=models.Subquery(in_force.values("later_than")[:1]),
                shared_until=models.Subquery(over.values("was_over_at")[:1]),
                has_notes=models.Exists(notes),
            )
            .annotate(
                newest_shared=models.Subquery(
                    newest.order_by("-finished_at", "pk").values("pk")[:1]
                )
            )
            .annotate(was_read=models.Exists(looks), has_view=models.Exists(views))
        )


class Client(models.Model):
    """One person on one coach's desk, from the invitation to after the end.

    It opens nothing by itself: what a coach may read, a consent says each time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    coach = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="clients"
    )
    # Known from the first consent on.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="coached_as",
    )
    name = models.CharField(_("name"), max_length=NAME_MAX)
    email = models.EmailField(_("e-mail address"), blank=True)
    cohort = models.ForeignKey(
        Cohort,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="clients",
        verbose_name=_("group"),
    )
    role = models.CharField(_("role to prepare for"), max_length=60, blank=True)
    form = models.CharField(_("form"), max_length=60, blank=True)
    message = models.TextField(_("message"), max_length=MESSAGE_MAX, blank=True)
    due_on = models.DateField(_("wanted by"), null=True, blank=True)
    token_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001 - unique where there is one
    invited_at = models.DateTimeField(_("invited at"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    # The one taken by this invitation; whether it may be read is another matter.
    attempt = models.ForeignKey(
        Attempt, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    touched_at = models.DateTimeField(_("last event at"))

    # By `with_status`.
    status: str
    shares_until: datetime | None
    active_at: datetime
    # By `with_next_step`.
    shared_until: datetime | None
    was_read: bool
    has_view: bool
    has_notes: bool

    objects = ClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="a_person_is_once_on_a_desk",
                fields=["coach", "person"],
                condition=Q(person__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def consent(self) -> Consent | None:
        """The latest consent between the two, in force or not."""
        if self.person_id is None:
            return None
        between = Consent.objects.filter(client=self.person_id, coach=self.coach_id)
        latest = between.select_related("attempt", "client", "coach")
        # The open one first: a clock set back must not hide it.
        return latest.order_by(F("ended_at").desc(nulls_first=True), "-given_at").first()


class NoteQuerySet(models.QuerySet["Note"]):
    """A coach's own, and those that a client was shown."""

    def written_by(self, actor: Actor) -> Self:
        """The actor's own, private ones too."""
        if not actor.user_id:
            return self.none()
        return self.filter(client__coach=actor.user_id)

    def shared_with(self, actor: Actor) -> Self:
        """Those that coaches show the actor."""
        if not actor.user_id:
            return self.none()
        return self.filter(client__person=actor.user_id, is_shared=True)


class Note(models.Model):
    """What a coach wrote down about a client; the client's copy of all data holds it too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField(_("note"), max_length=NOTE_MAX)
    is_shared = models.BooleanField(_("shown to the client"), default=False)
    written_at = models.DateTimeField(_("written at"))
    changed_at = models.DateTimeField(_("changed at"))

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def __str__(self) -> str:
        return str(self.pk)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """What coaches asked of somebody."""

    def asked_of(self, actor: Actor, at: datetime) -> Self:
        """What coaches ask of the actor, for as long as a consent of the actor's is in force."""
        if not actor.user_id:
            return self.none()
        shared = Consent.objects.in_force(at).filter(
            client=models.OuterRef("client__person"), coach=models.OuterRef("client__coach")
        )
        asked = self.filter(client__person=actor.user_id, withdrawn_at=None)
        return asked.filter(models.Exists(shared))


class Assignment(models.Model):
    """A role to compare with, a step to take or a retake, as a coach suggests it."""

    class Kind(models.TextChoices):
        """What is asked; `key` names the role or the recommendation, and is empty for a retake."""

        ROLE = "role", _("Compare with a role")
        STEP = "step", _("Take a step")
        RETAKE = "retake", _("Take the assessment again")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="assignments")
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    key = models.CharField(_("which"), max_length=60, blank=True)
    due_on = models.DateField(_("by"), null=True, blank=True)
    made_at = models.DateTimeField(_("made at"))
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")

    def __str__(self) -> str:
        return f"{self.kind} {self.key}".strip()


class SecondViewQuerySet(models.QuerySet["SecondView"]):
    """A coach's own through the client; a client sees what was shown to them."""

    def shown_to(self, actor: Actor) -> Self:
        """Those about an attempt of the actor's own that coaches let them see."""
        if not actor.user_id:
            return self.none()
        return self.filter(
            client__person=actor.user_id, attempt__owner=actor.user_id, shared_at__isnull=False
        )


class SecondView(models.Model):
    """How a coach saw a client before reading the result; written once, then the result opens.

    `ratings` maps a dimension to what the coach could say of it: `preference` (-2 pole a to 2
    pole b), `readiness_a` and `readiness_b` (0 to 4); what is missing was left out.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="second_views")
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="+")
    ratings = models.JSONField(_("ratings"), default=dict)
    saved_at = models.DateTimeField(_("saved at"))
    shared_at = models.DateTimeField(_("shown to the client at"), null=True, blank=True)

    objects = SecondViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("second view")
        verbose_name_plural = _("second views")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_view_of_a_client_and_an_attempt", fields=["client", "attempt"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.client_id}/{self.attempt_id}"
