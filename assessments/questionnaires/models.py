"""The desk, and the editions that publishing makes of it."""

from collections.abc import Iterable
from typing import Any, ClassVar, Never, Self

from django.conf import settings
from django.core.validators import RegexValidator, int_list_validator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from assessments.errors import DomainError
from assessments.instrument.document import LANGUAGE_PATTERN
from assessments.questionnaires.fields import IS_KEY, KEY_MAX, name_field, text_field

CHANGED = _("An edition never changes. Publish a new one.")
HISTORY_STAYS = _("The history of a desk never changes.")
DELETED = _("An edition is never deleted: results depend on it.")


class Colour(models.TextChoices):
    """Of a pole; each has a class in the style sheet, whose contrast is tested."""

    ORANGE = "orange", _("orange")
    BLUE = "blue", _("blue")
    PURPLE = "purple", _("purple")
    TEAL = "teal", _("teal")


class Questionnaire(models.Model):
    """A named instrument. With the rows of `rows.py` it is the desk: what is published next."""

    slug = models.SlugField(_("slug"), max_length=KEY_MAX, unique=True, validators=[IS_KEY])
    title = name_field(_("title"))
    language = models.CharField(
        _("language"),
        max_length=6,
        default="en",
        validators=[RegexValidator(LANGUAGE_PATTERN, _("Write a code such as en or pt-BR."))],
    )
    licence = name_field(_("licence"))
    pole_a_name = name_field(_("pole A"))
    pole_a_long_name = name_field(_("pole A in full"))
    pole_a_colour = models.CharField(_("colour of pole A"), max_length=10, choices=Colour)
    pole_b_name = name_field(_("pole B"))
    pole_b_long_name = name_field(_("pole B in full"))
    pole_b_colour = models.CharField(_("colour of pole B"), max_length=10, choices=Colour)
    stem_pair = text_field(_("asked of pairs"))
    stem_rating = text_field(_("asked of ratings"))
    pair_label_1 = name_field(_("1: much more the left"))
    pair_label_2 = name_field(_("2: a bit more the left"))
    pair_label_3 = name_field(_("3: neither more"))
    pair_label_4 = name_field(_("4: a bit more the right"))
    pair_label_5 = name_field(_("5: much more the right"))
    rating_label_0 = name_field(_("0: label"))
    rating_text_0 = text_field(_("0: text"))
    rating_label_1 = name_field(_("1: label"))
    rating_text_1 = text_field(_("1: text"))
    rating_label_2 = name_field(_("2: label"))
    rating_text_2 = text_field(_("2: text"))
    rating_label_3 = name_field(_("3: label"))
    rating_text_3 = text_field(_("3: text"))
    rating_label_4 = name_field(_("4: label"))
    rating_text_4 = text_field(_("4: text"))
    step_hours = models.CharField(
        _("hours a step"),
        max_length=60,
        default="2, 4, 6",
        validators=[
            int_list_validator(sep=", ", message=_("Write whole numbers, such as 2, 4, 6."))
        ],
        help_text=_("What each step from one level to the next takes, such as 2, 4, 6."),
    )
    changed_at = models.DateTimeField(_("changed at"))
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        permissions: ClassVar = [
            ("publish_questionnaire", _("Can publish, retire and calibrate questionnaires"))
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def part(self) -> tuple[str, ...]:
        """Its place in the document: the values at the top of it."""
        return ("questionnaire",)


def parts_text(parts: Iterable[tuple[str, ...]]) -> str:
    """Parts of the document in one text, each a line of its own between line breaks."""
    lines = dict.fromkeys(".".join(part) for part in parts)
    return "".join(f"\n{line}\n" for line in lines)


class DeskChangeQuerySet(models.QuerySet["DeskChange"]):
    """Words for finding changes; none of them changes or removes one."""

    def of_part(self, part: str) -> Self:
        """Those of a part, `items.metrics-1`, or of all in a collection, `items`."""
        # A name has no line break, so that no part is found within another's.
        return self.filter(Q(parts__contains=f"\n{part}\n") | Q(parts__contains=f"\n{part}."))

    def update(self, **kwargs: Any) -> int:
        """Refused, but for taking out the name of somebody who is erased."""
        if kwargs != {"by": None}:
            raise DomainError(str(HISTORY_STAYS))
        return super().update(**kwargs)

    def delete(self) -> Never:
        """Refused: history that can be taken out is none."""
        raise DomainError(str(HISTORY_STAYS))


class DeskChange(models.Model):
    """One deed on the desk: who changed what, when. Rows are added, never changed.

    The database refuses update and delete too, but for emptying `by` (migration 0012).
    """

    class Deed(models.TextChoices):
        EDITED = "edited", _("edited")
        LOADED = "loaded", _("loaded")
        PUBLISHED = "published", _("published")
        RETIRED = "retired", _("retired")
        REINSTATED = "reinstated", _("reinstated")

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.CASCADE, related_name="changes"
    )
    deed = models.CharField(_("deed"), max_length=10, choices=Deed)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    # `instrument.differences`, as data.
    differences = models.JSONField(_("what changed"), default=list)
    # `parts_text` of what changed, to find it by.
    parts = models.TextField(_("parts that changed"), blank=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    objects = DeskChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of the desk")
        verbose_name_plural = _("changes of the desk")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.questionnaire_id}/{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new line; refused for one that exists."""
        if not self._state.adding:
            raise DomainError(str(HISTORY_STAYS))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        """Refused: history that can be taken out is none."""
        raise DomainError(str(HISTORY_STAYS))


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

    def offered(self) -> "EditionQuerySet":
        """Those of questionnaires that are not retired."""
        return self.filter(questionnaire__retired_at=None)

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
