"""What the editors' pages keep for themselves."""

from hashlib import sha256
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.questionnaires.models import Questionnaire


class ImpactRun(models.Model):
    """What publishing the desk would change in recent results, as of one moment: `impact/1`.

    Counts of people, none of fewer than five; nothing of a person.
    """

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.CASCADE, related_name="impact_runs"
    )
    desk_digest = models.CharField(_("digest of the desk"), max_length=71)
    last = models.PositiveIntegerField(_("results asked for"))
    result = models.JSONField(_("result"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        verbose_name = _("impact")
        verbose_name_plural = _("impacts")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.questionnaire_id}/{self.pk}"


class PendingImport(models.Model):
    """A document that an editor has uploaded and seen the preview of, until they say yes.

    One for each editor, kept for an hour. `desk_state` is what the desk was when they looked.
    """

    by = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"))
    file_name = models.CharField(_("file"), max_length=150)
    document = models.TextField(_("document"), help_text=_("Canonical JSON."))
    faults = models.JSONField(_("what stops publishing"), default=list)
    desk_state = models.CharField(_("state of the desk"), max_length=71, blank=True)

    class Meta:
        verbose_name = _("pending import")
        verbose_name_plural = _("pending imports")

    def __str__(self) -> str:
        return f"{self.by_id}/{self.pk}"

    @property
    def mark(self) -> str:
        """What the preview was of: this document, and a desk in this state."""
        return sha256(f"{self.desk_state}\n{self.document}".encode()).hexdigest()
