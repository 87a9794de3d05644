"""What is kept of answers to tell good questions from bad ones: sums, and what was read of them.

No row of these tables speaks of a person. Which attempts are in the sums is noted with the
attempts (`Attempt.counted_as`), so that each can be taken out again.
"""

from typing import Any, ClassVar, Never

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.errors import DomainError
from assessments.questionnaires.models import Edition

CHANGED = _("A calibration never changes. Freeze a new one.")
DELETED = _("A calibration is never deleted: results depend on it.")


class CountedAs(models.TextChoices):
    """What an attempt was to the sums.

    IN and LOW: a person's first finished attempt at a form, by the quality of its answers; only
    these two add answers. AGAIN: finished, but not the first. LEFT: unfinished and not used for
    a day. BACK: still in the sums as LEFT, but used since.
    """

    NOT_YET = "", _("not counted")
    IN = "in", _("counted")
    LOW = "low", _("counted as of low quality")
    AGAIN = "again", _("not the first of the person")
    LEFT = "left", _("left unfinished")
    BACK = "back", _("left unfinished, used since")


GROUPS = (CountedAs.IN, CountedAs.LOW)
"""Those whose answers are in the sums, each group by itself."""


class Turn(models.Model):
    """One row. Whoever changes sums locks it first, before any attempt: so all take turns."""

    refreshed_at = models.DateTimeField(_("last brought up to date at"), null=True)

    class Meta:
        verbose_name = _("turn at the sums")
        verbose_name_plural = _("turns at the sums")

    def __str__(self) -> str:
        return str(self.refreshed_at)


class Tally(models.Model):
    """How the attempts at one form of an edition ended, as far as they are counted.

    `finished` has a number for IN, LOW and AGAIN; `left` for the item that somebody had got to
    who left, "" for those who had answered nothing.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="tallies")
    form = models.CharField(_("form"), max_length=60)
    finished = models.JSONField(_("finished"), default=dict)
    left = models.JSONField(_("left unfinished"), default=dict)

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["edition", "form"], name="one_tally_per_form_of_an_edition"
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}/{self.form}"


class Sums(models.Model):
    """The sums of one item or one scale over a group of attempts, as whole numbers.

    `content` is what `ItemSums` or `ScaleSums` of the scoring make of it.
    """

    class Kind(models.TextChoices):
        ITEM = "item", _("item")
        SCALE = "scale", _("scale")

    pk = models.CompositePrimaryKey("tally_id", "group", "kind", "key")
    tally = models.ForeignKey(Tally, on_delete=models.CASCADE, related_name="sums")
    group = models.CharField(_("group"), max_length=5, choices=CountedAs.choices)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind.choices)
    key = models.CharField(_("key"), max_length=100)
    content = models.JSONField(_("content"))

    class Meta:
        verbose_name = _("sums")
        verbose_name_plural = _("sums")

    def __str__(self) -> str:
        return f"{self.tally_id}/{self.group}/{self.key}"


class CalibrationQuerySet(models.QuerySet["Calibration"]):
    """Words for finding calibrations; none of them changes or removes one."""

    def update(self, **kwargs: Any) -> Never:
        """Refused: a calibration never changes."""
        raise DomainError(str(CHANGED))

    def delete(self) -> Never:
        """Refused: results depend on calibrations."""
        raise DomainError(str(DELETED))


class Calibration(models.Model):
    """How reliable the scales of an edition were found to be: numbered, and never changed.

    The database refuses update and delete too (migration 0011).
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="calibrations")
    number = models.PositiveIntegerField(_("number"))
    document = models.TextField(_("document"), help_text=_("Canonical JSON."))
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )

    objects = CalibrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("calibration")
        verbose_name_plural = _("calibrations")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["edition", "number"], name="one_calibration_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}/{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new calibration; refused for one that exists."""
        if not self._state.adding:
            raise DomainError(str(CHANGED))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        """Refused: results depend on calibrations."""
        raise DomainError(str(DELETED))
