"""The desk as rows: the parts of a questionnaire in the making, as editors see them.

Each row is one part of the document (`instrument/document.py`), with the document's names and
limits; `place` is its order. A desk may be incomplete: whether it can be published is for
`publishing_faults` to say. Nothing that a person answers refers to a row.
"""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.instrument.document import PAIR_MAX, PAIR_MIN, RATING_MAX, URL_PATTERN
from assessments.questionnaires.fields import (
    IS_LINE,
    REF_MAX,
    key_field,
    name_field,
    refs_field,
    text_field,
)
from assessments.questionnaires.models import Questionnaire


def between(low: int, high: int) -> list[MinValueValidator | MaxValueValidator]:
    """Validators for a number within limits, both included."""
    return [MinValueValidator(low), MaxValueValidator(high)]


class Side(models.TextChoices):
    """The two ends; what they are called is for the questionnaire to say."""

    A = "a", _("Pole A")
    B = "b", _("Pole B")


class Row(models.Model):
    """A part in its order among its like."""

    place = models.PositiveIntegerField(_("place"), default=0, db_index=True)

    class Meta:
        abstract = True


class Part(Row):
    """A part that stands in the document by itself. `collection` and `identity` say where."""

    collection: ClassVar[tuple[str, ...]]
    identity: ClassVar[str] = "key"

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.CASCADE, verbose_name=_("questionnaire")
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(getattr(self, self.identity))

    @property
    def part(self) -> tuple[str, ...]:
        """Its place in the document, by names: `("items", "metrics-1")`."""
        return (*self.collection, str(getattr(self, self.identity)))

    def clean(self) -> None:
        """Refuse a part that names one of another questionnaire."""
        for field in self._meta.fields:
            other = getattr(self, field.name, None) if field.is_relation else None
            if isinstance(other, Part) and other.questionnaire_id != self.questionnaire_id:
                message = _("This belongs to another questionnaire. Choose one of this.")
                raise ValidationError({field.name: message})


def _one_of_each(model: str, *fields: str) -> list[models.BaseConstraint]:
    name = f"one_{model}_per_{fields[-1]}"
    return [
        models.UniqueConstraint(
            fields=fields, name=name, violation_error_message=_("There is one of this name.")
        )
    ]


class Source(Part):
    collection, identity = ("sources",), "ref"

    ref = models.CharField(_("reference"), max_length=REF_MAX, validators=[IS_LINE])
    title = text_field(_("title"))

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering: ClassVar = ["place", "pk"]
        constraints: ClassVar = _one_of_each("source", "questionnaire", "ref")


class Term(Part):
    collection, identity = ("glossary",), "term"

    term = name_field(_("term"))
    gloss = text_field(_("explanation"))

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("glossary")
        ordering: ClassVar = ["place", "pk"]
        constraints: ClassVar = _one_of_each("term", "questionnaire", "term")


class BackgroundQuestion(Part):
    collection = ("background",)

    key = key_field()
    text = text_field()
    sets = models.CharField(
        _("presets"),
        max_length=10,
        blank=True,
        choices=[
            ("hours", _("hours a week")),
            ("weeks", _("weeks")),
            ("goal", _("role to compare with")),
        ],
        help_text=_("What of the study plan the answer presets. It is never scored."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("background question")
        verbose_name_plural = _("background questions")
        ordering: ClassVar = ["place", "pk"]
        constraints: ClassVar = _one_of_each("background_question", "questionnaire", "key")


class BackgroundOption(Row):
    question = models.ForeignKey(
        BackgroundQuestion, on_delete=models.CASCADE, related_name="options"
    )
    key = key_field()
    text = name_field(_("text"))

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering: ClassVar = ["place", "pk"]
        constraints: ClassVar = _one_of_each("background_option", "question", "key")

    def __str__(self) -> str:
        return self.key


class Cluster(Part):
    collection = ("clusters",)

    key = key_field()
    name = name_field()
    a_ready = text_field(_("ready for pole A"))
    b_ready = text_field(_("ready for pole B"))
    both = text_field(_("ready for both"))
    neither_yet = text_field(_("ready for neither yet"))

    class Meta:
        verbose_name = _("cluster")
        verbose_name_plural = _("clusters")
        ordering: ClassVar = ["place", "pk"]
        constraints: ClassVar = _one_of_each("cluster", "questionnaire", "key")

    def __str__(self) -> str:
        return self.name


class Dimension(Part):
    collection = ("dimensions",)

    key = key_field()
    name = name_field()
    cluster = models.ForeignKey(
        Cluster, on_delete=models.PROTECT, related_name="dimensions", verbose_name=_("cluster")
    )
    definition = text_field(_("definition"))
    pole_a = text_field(_("pole A"))
    pole_b = text_field(_("pole B"))
    short_a = name_field(_("pole A, in short"))
    short_b = name_field(_("pole B, in short"))
    half_weight = models.BooleanField(
        _("half weight"),
        default=False,
        help_text=_("Counts half in the overall preference."),
    )
    guide = key_field(_("guide page"), blank=True)
    leans_a = text_field(_("leans to pole A"))
    leans_b = text_field(_("leans to pole B"))
    both = text_field(_("ready for both"))
    neither_yet = text_field(_("ready for neither yet"))
    always = text_field(_("always said"), blank=True)
    source_refs = refs_field()
    tie_place = models.PositiveIntegerField(
        _("place in ties"),
        default=0,
        help_text=_("Of two equal gaps, the lower number comes first in a study plan."),
    )

    class Meta:
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")
        ordering: ClassVar = ["place", "pk"]
        constraints: ClassVar = _one_of_each("dimension", "questionnaire", "key")

    def __str__(self) -> str:
        return self.name


class Mistake(Row):
    dimension = models.ForeignKey(Dimension, on_delete=models.CASCADE, related_name="mistakes")
    side = models.CharField(_("side"), max_length=1, choices=Side, blank=True)
    bad = text_field(_("mistake"))
    good = text_field(_("better"))

    class Meta:
        verbose_name = _("mistake")
        verbose_name_plural = _("mistakes")
        ordering: ClassVar = ["place", "pk"]

    def __str__(self) -> str:
        return self.bad[:60]


class InterviewQuestion(Row):
    dimension = models.ForeignKey(Dimension, on_delete=models.CASCADE, related_name="interview")
    side = models.CharField(_("side"), max_length=1, choices=Side)
    text = text_field()

    class Meta:
        verbose_name = _("interview question")
        verbose_name_plural = _("interview questions")
        ordering: ClassVar = ["place", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class Item(Part):
    """One question. Which columns count depends on its kind; the others stay empty."""

    class Kind(models.TextChoices):
        PAIR = "pair", _("pair")
        RATING = "rating", _("rating")
        SCENARIO = "scenario", _("scenario")

    class Setting(models.TextChoices):
        A = "a", _("Pole A")
        B = "b", _("Pole B")
        MIXED = "mixed", _("Mixed")

    collection = ("items",)

    key = key_field()
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    dimension = models.ForeignKey(
        Dimension, on_delete=models.CASCADE, related_name="items", verbose_name=_("dimension")
    )
    # Of a pair.
    left_pole = models.CharField(_("pole on the left"), max_length=1, choices=Side, blank=True)
    left_text = text_field(_("left statement"), blank=True)
    right_pole = models.CharField(_("pole on the right"), max_length=1, choices=Side, blank=True)
    right_text = text_field(_("right statement"), blank=True)
    # Of a rating.
    side = models.CharField(_("side"), max_length=1, choices=Side, blank=True)
    # Of a scenario.
    setting = models.CharField(_("setting"), max_length=5, choices=Setting, blank=True)
    question = text_field(_("question"), blank=True)
    # Of a rating and of a scenario.
    text = text_field(blank=True)
    source_refs = refs_field()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering: ClassVar = ["place", "pk"]
        constraints: ClassVar = _one_of_each("item", "questionnaire", "key")


class Option(Row):
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="options")
    key = key_field()
    text = text_field()
    fit_a = models.PositiveSmallIntegerField(_("fit to pole A"), validators=between(0, 2))
    fit_b = models.PositiveSmallIntegerField(_("fit to pole B"), validators=between(0, 2))

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering: ClassVar = ["place", "pk"]
        constraints: ClassVar = _one_of_each("option", "item", "key")

    def __str__(self) -> str:
        return self.key


class Form(Part):
    collection = ("forms",)

    key = key_field()
    title = name_field(_("title"))
    pairs_per_dimension = models.PositiveSmallIntegerField(
        _("pairs for each dimension"), default=2, validators=between(1, 20)
    )
    ratings_per_side = models.PositiveSmallIntegerField(
        _("ratings for each side of a dimension"), default=1, validators=between(0, 20)
    )
    scenarios_a = models.PositiveSmallIntegerField(_("scenarios of pole A"), default=0)
    scenarios_b = models.PositiveSmallIntegerField(_("scenarios of pole B"), default=0)
    scenarios_mixed = models.PositiveSmallIntegerField(_("mixed scenarios"), default=0)
    minutes_max = models.PositiveSmallIntegerField(
        _("minutes at most"), default=12, validators=between(1, 120)
    )
    rows = models.BooleanField(
        _("shows a row for each dimension"),
        default=True,
        help_text=_("A form with few questions can tell the overall picture only."),
    )
    quality_cap = models.CharField(
        _("answer quality at most"),
        max_length=10,
        blank=True,
        choices=[("medium", _("medium"))],
    )

    class Meta:
        verbose_name = _("form")
        verbose_name_plural = _("forms")
        ordering: ClassVar = ["place", "pk"]
        constraints: ClassVar = _one_of_each("form", "questionnaire", "key")

    def __str__(self) -> str:
        return self.title


class Section(Row):
    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="sections")
    title = name_field(_("title"))

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering: ClassVar = ["place", "pk"]

    def __str__(self) -> str:
        return self.title


class Placement(Row):
    """An item in its place in a section."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="placements")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="placements")

    class Meta:
        verbose_name = _("placed question")
        verbose_name_plural = _("placed questions")
        ordering: ClassVar = ["place", "pk"]
        constraints: ClassVar = _one_of_each("placement", "section", "item")

    def __str__(self) -> str:
        return str(self.item)


class Role(Part):
    collection = ("roles",)

    key = key_field()
    name = name_field()
    gloss = text_field(_("in one sentence"))
    rationale = text_field(_("why these targets"))
    status = name_field(_("status"), default="expert draft")

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering: ClassVar = ["place", "pk"]
        constraints: ClassVar = _one_of_each("role", "questionnaire", "key")

    def __str__(self) -> str:
        return self.name


class Target(models.Model):
    """Where a role stands on a dimension, and how much that matters."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="targets")
    dimension = models.ForeignKey(Dimension, on_delete=models.CASCADE, related_name="targets")
    position = models.SmallIntegerField(_("position"), validators=between(PAIR_MIN, PAIR_MAX))
    weight = models.PositiveSmallIntegerField(_("weight"), validators=between(0, 3))

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints: ClassVar = _one_of_each("target", "role", "dimension")

    def __str__(self) -> str:
        return f"{self.role_id}/{self.dimension_id}"


class Neighbour(Row):
    """Another role that is easily mistaken for this one."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="near")
    other = models.ForeignKey(
        Role, on_delete=models.CASCADE, related_name="near_to", verbose_name=_("role")
    )
    tells_apart = text_field(_("what tells them apart"))

    class Meta:
        verbose_name = _("near role")
        verbose_name_plural = _("near roles")
        ordering: ClassVar = ["place", "pk"]
        constraints: ClassVar = _one_of_each("neighbour", "role", "other")

    def __str__(self) -> str:
        return str(self.other)


class Resource(Part):
    collection = ("study", "resources")

    key = name_field(_("key"))
    kind = models.CharField(
        _("kind"), max_length=10, choices=[("article", _("article")), ("book", _("book"))]
    )
    title = text_field(_("title"))
    author = name_field(_("author"))
    year = models.IntegerField(_("year"), null=True, blank=True)
    url = models.CharField(
        _("address"),
        max_length=1000,
        blank=True,
        validators=[
            RegexValidator(
                URL_PATTERN, _("Write a whole address, beginning with http:// or https://.")
            )
        ],
    )
    note = text_field(_("note"))

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering: ClassVar = ["place", "pk"]
        constraints: ClassVar = _one_of_each("resource", "questionnaire", "key")

    def __str__(self) -> str:
        return f"{self.key}: {self.title}"


class Recommendation(Part):
    class Kind(models.TextChoices):
        CONCEPT = "C", _("concept to read")
        EXERCISE = "E", _("practice exercise")
        ARTEFACT = "A", _("something to make")
        INTERVIEW = "I", _("interview drill")
        READING = "R", _("book or article")
        WORK = "W", _("stretch at work")

    class Sides(models.TextChoices):
        A = "a", _("Pole A")
        B = "b", _("Pole B")
        BOTH = "both", _("Both")

    collection = ("study", "recommendations")

    key = key_field()
    kind = models.CharField(_("kind"), max_length=1, choices=Kind)
    dimension = models.ForeignKey(
        Dimension,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="recommendations",
        verbose_name=_("dimension"),
    )
    side = models.CharField(_("side"), max_length=4, choices=Sides, blank=True)
    level_from = models.PositiveSmallIntegerField(
        _("from level"), validators=between(0, RATING_MAX)
    )
    level_to = models.PositiveSmallIntegerField(_("to level"), validators=between(0, RATING_MAX))
    hours = models.PositiveSmallIntegerField(_("hours"), validators=between(1, 40))
    title = name_field(_("title"))
    text = text_field()
    done_when = text_field(_("done when"))
    source_refs = refs_field()
    role = models.ForeignKey(
        Role,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="recommendations",
        verbose_name=_("only for the role"),
    )

    class Meta:
        verbose_name = _("study recommendation")
        verbose_name_plural = _("study recommendations")
        ordering: ClassVar = ["place", "pk"]
        constraints: ClassVar = _one_of_each("recommendation", "questionnaire", "key")

    def __str__(self) -> str:
        return self.title


class Reading(Row):
    """A resource that a recommendation names."""

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.CASCADE, related_name="readings"
    )
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="readings")

    class Meta:
        verbose_name = _("resource to read")
        verbose_name_plural = _("resources to read")
        ordering: ClassVar = ["place", "pk"]
        constraints: ClassVar = _one_of_each("reading", "recommendation", "resource")

    def __str__(self) -> str:
        return str(self.resource)


class PackStep(Row):
    """A recommendation in one of the lists of the study library that every plan may use."""

    class Pack(models.TextChoices):
        FOUNDATION = "foundation", _("foundation: for whoever gets no plan of their own")
        GROUNDWORK = "groundwork", _("groundwork: besides the themes, when neither side is ready")
        CLOSING = "closing", _("closing: the last steps of a plan")

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.CASCADE, related_name="pack_steps"
    )
    pack = models.CharField(_("list"), max_length=12, choices=Pack)
    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.CASCADE, related_name="pack_steps"
    )

    class Meta:
        verbose_name = _("step for every plan")
        verbose_name_plural = _("steps for every plan")
        ordering: ClassVar = ["place", "pk"]
        constraints: ClassVar = _one_of_each("step", "questionnaire", "pack", "recommendation")

    def __str__(self) -> str:
        return str(self.recommendation)


PARTS: tuple[type[Part], ...] = (
    Source, Term, BackgroundQuestion, Cluster, Dimension, Item, Form, Role, Resource,
    Recommendation,
)  # fmt: skip
