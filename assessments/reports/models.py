"""What a person decides about their study plan; the plan itself is worked out anew each time."""

from datetime import date, timedelta
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.responses.models import Attempt

HOURS_PER_WEEK_MAX, WEEKS_MAX = 20, 26
HOURS_PER_WEEK_DEFAULT, WEEKS_DEFAULT = 4, 6
NOTE_MAX_LENGTH = 10_000


class StudyPlan(models.Model):
    """Hours, weeks, ticks, notes and re-ratings of an attempt's plan.

    `done` holds keys of recommendations, so that a tick survives a change of goal wherever the
    step stays; `rerated` holds the latest rating by item key.
    """

    attempt = models.OneToOneField(
        Attempt, on_delete=models.CASCADE, primary_key=True, related_name="plan"
    )
    hours_per_week = models.PositiveSmallIntegerField(
        _("hours a week"),
        default=HOURS_PER_WEEK_DEFAULT,
        validators=[MinValueValidator(1), MaxValueValidator(HOURS_PER_WEEK_MAX)],
    )
    weeks = models.PositiveSmallIntegerField(
        _("weeks"),
        default=WEEKS_DEFAULT,
        validators=[MinValueValidator(1), MaxValueValidator(WEEKS_MAX)],
    )
    interview_on = models.DateField(_("date of the interview"), null=True, blank=True)
    started_on = models.DateField(_("started on"))
    done = models.JSONField(_("steps done"), default=list, blank=True)
    rerated = models.JSONField(_("ratings given since"), default=dict, blank=True)
    rerated_on = models.DateField(_("rated again on"), null=True, blank=True)
    note = models.TextField(_("notes"), max_length=NOTE_MAX_LENGTH, blank=True)

    class Meta:
        verbose_name = _("study plan")
        verbose_name_plural = _("study plans")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_plan_has_hours_and_weeks",
                condition=Q(hours_per_week__range=(1, HOURS_PER_WEEK_MAX))
                & Q(weeks__range=(1, WEEKS_MAX)),
            )
        ]

    def __str__(self) -> str:
        return str(self.attempt_id)

    def first_day_of(self, week: int) -> date:
        """The day that a week of the plan begins, counted from 1."""
        return self.started_on + timedelta(weeks=week - 1)

    def week_on(self, day: date) -> int:
        """The week that a day falls into; 1 before the plan begins."""
        return max(1, (day - self.started_on).days // 7 + 1)

    def is_over(self, day: date) -> bool:
        """Whether all its weeks lie before a day."""
        return self.week_on(day) > self.weeks

    @property
    def planned_from(self) -> int:
        """The week from which the plan holds: the first, or that of the half-way check."""
        return min(self.week_on(self.rerated_on), self.weeks) if self.rerated_on else 1
