"""The desk, and the editions that publishing makes of it."""

from typing import Any, ClassVar, Never

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from assessments.errors import DomainError

CHANGED = _("An edition never changes. Publish a new one.")
DELETED = _("An edition is never deleted: results depend on it.")


class Questionnaire(models.Model):
    """A named instrument with its desk: the document as it will be published next."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=150)
    desk = models.TextField(_("desk"), help_text=_("The working copy, as canonical JSON."))
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")

    def __str__(self) -> str:
        return self.title


class EditionQuerySet(models.QuerySet["Edition"]):
    """Words for finding editions; none of them changes or removes one."""

    def newest_of(self, slug: str) -> "EditionQuerySet":
        """The editions of a questionnaire, newest first."""
        return self.filter(questionnaire__slug=slug).order_by("-number")

    def newest_of_each(self) -> "EditionQuerySet":
        """The newest edition of every questionnaire, by slug."""
        same = Edition.objects.filter(questionnaire=OuterRef("questionnaire"))
        newest = same.order_by("-number").values("pk")[:1]
        return self.filter(pk=Subquery(newest)).order_by("questionnaire__slug")

    def update(self, **kwargs: Any) -> Never:
        """Refused: an edition never changes."""
        raise DomainError(str(CHANGED))

    def delete(self) -> Never:
        """Refused: results depend on editions."""
        raise DomainError(str(DELETED))


class Edition(models.Model):
    """An immutable, numbered document: everything that a report depends on.

    The database refuses update and delete too (migration 0002).
    """

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="editions"
    )
    number = models.PositiveIntegerField(_("number"))
    document = models.TextField(_("document"), help_text=_("Canonical JSON."))
    digest = models.CharField(_("digest"), max_length=71)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["questionnaire", "number"], name="one_edition_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire_id}/{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new edition; refused for one that exists."""
        if not self._state.adding:
            raise DomainError(str(CHANGED))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        """Refused: results depend on editions."""
        raise DomainError(str(DELETED))
