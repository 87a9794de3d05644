"""The questionnaire document (`questionnaire/1`): file format, edition and what scoring reads.

The same frozen classes serve all three. Nothing here knows what the poles are about: B2B and B2C
are data. Side `a` is the negative end of the stored preference scale (-2), `b` the positive (+2).

A *choice* is what a taker's page sends ("1" to "5" from left to right for a pair), a *value* is
what is stored and scored (-2 to 2, keyed so that negative is pole a). The page never learns the
keying; the item translates.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

SCHEMA = "questionnaire/1"

PAIR_MIN, PAIR_MAX = -2, 2
RATING_MIN, RATING_MAX = 0, 4
PAIR_POSITIONS = PAIR_MAX - PAIR_MIN + 1

# Far more than anybody answers; checks compare each item with every other.
MAX_DIMENSIONS = 100
MAX_ITEMS = 500
MAX_OPTIONS = 9

# Control characters but the line break, and Unicode's own line and paragraph separators: nobody
# sees them, and every format in between treats them differently.
_UNSEEN = r"\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029"

KEY_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
TEXT_PATTERN = rf"^[^{_UNSEEN}]*[^{_UNSEEN}\s][^{_UNSEEN}]*$"
LINE_PATTERN = rf"^[^{_UNSEEN}\n]*[^{_UNSEEN}\s][^{_UNSEEN}\n]*$"
LANGUAGE_PATTERN = r"^[a-z]{2,3}(-[A-Z]{2})?$"
URL_PATTERN = rf"^https?://[^{_UNSEEN}\s]+$"

Key = Annotated[str, StringConstraints(pattern=KEY_PATTERN, max_length=60)]
Text = Annotated[str, StringConstraints(pattern=TEXT_PATTERN, min_length=1, max_length=1000)]
Name = Annotated[str, StringConstraints(pattern=LINE_PATTERN, min_length=1, max_length=150)]
SourceRef = Annotated[str, StringConstraints(pattern=LINE_PATTERN, min_length=1, max_length=20)]
Side = Literal["a", "b"]
Position = Annotated[int, Field(ge=PAIR_MIN, le=PAIR_MAX)]
Value = int | str | None
"""A stored answer: -2 to 2 for a pair, 0 to 4 for a rating, an option's key, None = skipped."""

SIDES: tuple[Side, Side] = ("a", "b")


class UnknownChoice(ValueError):
    """The page sent something that is not one of the item's choices."""


class Part(BaseModel):
    """Base of every part of the document: frozen, strict, and no key that we do not know."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Source(Part):
    ref: SourceRef
    title: Text


class GlossaryEntry(Part):
    term: Name
    gloss: Text


class Pole(Part):
    name: Name
    long_name: Name
    colour: Literal["orange", "blue", "purple", "teal"]


class Poles(Part):
    a: Pole
    b: Pole

    def __getitem__(self, side: Side) -> Pole:
        return self.a if side == "a" else self.b


class Stems(Part):
    pair: Text
    rating: Text


class RatingAnchor(Part):
    value: Annotated[int, Field(ge=RATING_MIN, le=RATING_MAX)]
    label: Name
    text: Text


class Anchors(Part):
    pair: tuple[Name, Name, Name, Name, Name]
    rating: tuple[RatingAnchor, RatingAnchor, RatingAnchor, RatingAnchor, RatingAnchor]


class BackgroundOption(Part):
    key: Key
    text: Name


class BackgroundQuestion(Part):
    """Asked before the items and never scored; `sets` says what of the plan it presets."""

    key: Key
    text: Text
    options: Annotated[tuple[BackgroundOption, ...], Field(min_length=2)]
    sets: Literal["hours", "weeks", "goal"] | None = None


class ClusterTexts(Part):
    a_ready: Text
    b_ready: Text
    both: Text
    neither_yet: Text


class Cluster(Part):
    key: Key
    name: Name
    texts: ClusterTexts


class DimensionTexts(Part):
    leans_a: Text
    leans_b: Text
    both: Text
    neither_yet: Text
    always: Text | None = None


class Mistake(Part):
    bad: Text
    good: Text
    side: Side | None = None


class Interview(Part):
    a: tuple[Text, ...]
    b: tuple[Text, ...]


class Dimension(Part):
    key: Key
    name: Name
    cluster: Key
    definition: Text
    pole_a: Text
    pole_b: Text
    short_a: Name
    short_b: Name
    half_weight: bool = False
    guide: Key | None = None
    texts: DimensionTexts
    mistakes: tuple[Mistake, ...]
    interview: Interview
    source_refs: tuple[SourceRef, ...]

    @property
    def weight(self) -> float:
        """Its weight in the overall preference (measurement 2)."""
        return 0.5 if self.half_weight else 1.0


class Statement(Part):
    pole: Side
    text: Text


class Pair(Part):
    """Two statements, five positions between them; measures preference."""

    key: Key
    kind: Literal["pair"]
    dimension: Key
    left: Statement
    right: Statement
    source_refs: tuple[SourceRef, ...]

    def value_of(self, choice: str) -> int:
        """The stored value of a screen position "1" (left) to "5" (right)."""
        if choice not in {"1", "2", "3", "4", "5"}:
            raise UnknownChoice(choice)
        from_left = int(choice) - 1 + PAIR_MIN
        return from_left if self.left.pole == "a" else -from_left

    def choice_of(self, value: Value) -> str | None:
        """The screen position that stores this value; None where it is skipped."""
        if not isinstance(value, int):
            return None
        from_left = value if self.left.pole == "a" else -value
        return str(from_left - PAIR_MIN + 1)

    def accepts(self, value: object) -> bool:
        """Whether this may be stored as an answer (None, a skip, may)."""
        return value is None or (_is_whole(value) and value in range(PAIR_MIN, PAIR_MAX + 1))


class Rating(Part):
    """One act, rated by how far one has done it; measures readiness for one side."""

    key: Key
    kind: Literal["rating"]
    dimension: Key
    side: Side
    text: Text
    source_refs: tuple[SourceRef, ...]

    def value_of(self, choice: str) -> int:
        """The stored value of a rating "0" to "4"."""
        if choice not in {"0", "1", "2", "3", "4"}:
            raise UnknownChoice(choice)
        return int(choice)

    def choice_of(self, value: Value) -> str | None:
        """The choice that stores this value; None where it is skipped."""
        return str(value) if isinstance(value, int) else None

    def accepts(self, value: object) -> bool:
        """Whether this may be stored as an answer (None, a skip, may)."""
        return value is None or (_is_whole(value) and value in range(RATING_MIN, RATING_MAX + 1))


class Option(Part):
    key: Key
    text: Text
    fit_a: Annotated[int, Field(ge=0, le=2)]
    fit_b: Annotated[int, Field(ge=0, le=2)]

    def fit(self, side: Side) -> int:
        """How well this first move fits work on that side, 0 to 2."""
        return self.fit_a if side == "a" else self.fit_b


class Scenario(Part):
    """A setting and what one would do first; adds to readiness for the setting's side(s)."""

    key: Key
    kind: Literal["scenario"]
    dimension: Key
    setting: Literal["a", "b", "mixed"]
    text: Text
    question: Text
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=MAX_OPTIONS)]
    source_refs: tuple[SourceRef, ...]

    @property
    def sides(self) -> tuple[Side, ...]:
        """The side or sides that the answer counts for."""
        return SIDES if self.setting == "mixed" else (self.setting,)

    def option(self, key: str) -> Option:
        """The option of that key; raises `UnknownChoice`."""
        for option in self.options:
            if option.key == key:
                return option
        raise UnknownChoice(key)

    def value_of(self, choice: str) -> str:
        """The stored value of a choice: the option's key."""
        return self.option(choice).key

    def choice_of(self, value: Value) -> str | None:
        """The choice that stores this value; None where it is skipped."""
        return value if isinstance(value, str) else None

    def accepts(self, value: object) -> bool:
        """Whether this may be stored as an answer (None, a skip, may)."""
        return value is None or any(option.key == value for option in self.options)


Item = Annotated[Pair | Rating | Scenario, Field(discriminator="kind")]


class ScenarioCounts(Part):
    a: Annotated[int, Field(ge=0)]
    b: Annotated[int, Field(ge=0)]
    mixed: Annotated[int, Field(ge=0)]


class FormRules(Part):
    """What a form must hold to be published, and what its report may show."""

    pairs_per_dimension: Annotated[int, Field(ge=1, le=20)]
    ratings_per_side: Annotated[int, Field(ge=0, le=20)]
    scenarios: ScenarioCounts
    minutes_max: Annotated[int, Field(ge=1, le=120)]
    rows: bool
    quality_cap: Literal["medium"] | None = None


class Section(Part):
    title: Name
    items: Annotated[tuple[Key, ...], Field(min_length=1)]


class Form(Part):
    key: Key
    title: Name
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    rules: FormRules

    @cached_property
    def item_keys(self) -> tuple[str, ...]:
        """Its items in the order presented."""
        return tuple(key for section in self.sections for key in section.items)


class Target(Part):
    position: Position
    weight: Annotated[int, Field(ge=0, le=3)]


class Neighbour(Part):
    role: Key
    tells_apart: Text


class Role(Part):
    key: Key
    name: Name
    gloss: Text
    rationale: Text
    targets: dict[Key, Target]
    near: tuple[Neighbour, ...] = ()
    status: Name


class Resource(Part):
    key: Name
    kind: Literal["article", "book"]
    title: Text
    author: Name
    year: int | None = None
    url: Annotated[str, StringConstraints(pattern=URL_PATTERN)] | None = None
    note: Text


class Recommendation(Part):
    key: Key
    kind: Literal["C", "E", "A", "I", "R", "W"]
    dimension: Key | None = None
    side: Literal["a", "b", "both"] | None = None
    level_from: Annotated[int, Field(ge=0, le=4)]
    level_to: Annotated[int, Field(ge=0, le=4)]
    hours: Annotated[int, Field(ge=1, le=40)]
    title: Name
    text: Text
    done_when: Text
    resources: tuple[Name, ...] = ()
    source_refs: tuple[SourceRef, ...] = ()
    role: Key | None = None


class Study(Part):
    """What a study plan is made of.

    `foundation` is the pack for whoever gets no plan of their own, `groundwork` what a plan holds
    besides its themes when neither side is ready, `closing` its last steps; all name
    recommendations. `step_hours` are the hours from each level to the next.
    """

    resources: tuple[Resource, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    foundation: tuple[Key, ...] = ()
    groundwork: tuple[Key, ...] = ()
    closing: tuple[Key, ...] = ()
    step_hours: tuple[int, ...]
    tie_order: tuple[Key, ...]


class Questionnaire(Part):
    """One whole questionnaire. Order in the document is order on the page."""

    schema_: Literal["questionnaire/1"] = Field(alias="schema")
    slug: Key
    title: Name
    language: Annotated[str, StringConstraints(pattern=LANGUAGE_PATTERN)]
    licence: Name
    sources: tuple[Source, ...]
    glossary: tuple[GlossaryEntry, ...]
    poles: Poles
    stems: Stems
    anchors: Anchors
    background: tuple[BackgroundQuestion, ...]
    clusters: tuple[Cluster, ...]
    dimensions: Annotated[tuple[Dimension, ...], Field(min_length=1, max_length=MAX_DIMENSIONS)]
    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=MAX_ITEMS)]
    forms: Annotated[tuple[Form, ...], Field(min_length=1)]
    roles: tuple[Role, ...]
    study: Study

    @cached_property
    def dimension(self) -> dict[str, Dimension]:
        """Its dimensions by key, in the document's order."""
        return {dimension.key: dimension for dimension in self.dimensions}

    @cached_property
    def item(self) -> dict[str, Pair | Rating | Scenario]:
        """Its items by key, in the document's order."""
        return {item.key: item for item in self.items}

    @cached_property
    def form(self) -> dict[str, Form]:
        """Its forms by key, in the document's order."""
        return {form.key: form for form in self.forms}

    @cached_property
    def role(self) -> dict[str, Role]:
        """Its roles by key, in the document's order."""
        return {role.key: role for role in self.roles}

    @cached_property
    def cluster(self) -> dict[str, Cluster]:
        """Its clusters by key, in the document's order."""
        return {cluster.key: cluster for cluster in self.clusters}

    @cached_property
    def recommendation(self) -> dict[str, Recommendation]:
        """Its recommendations by key, in the document's order."""
        return {step.key: step for step in self.study.recommendations}

    @cached_property
    def _steps(self) -> dict[tuple[str, str, int], tuple[Recommendation, ...]]:
        steps: dict[tuple[str, str, int], tuple[Recommendation, ...]] = {}
        for one in self.study.recommendations:
            if one.dimension and one.side and not one.role:
                place = (one.dimension, one.side, one.level_from)
                steps[place] = (*steps.get(place, ()), one)
        return steps

    def steps(self, dimension: str, side: Side, level: int) -> tuple[Recommendation, ...]:
        """What leads a dimension and side from a level to the next, whatever the role."""
        return self._steps.get((dimension, side, level), ())

    def items_of(self, form: Form) -> Iterator[Pair | Rating | Scenario]:
        """The items of one of its forms, in the order presented."""
        return (self.item[key] for key in form.item_keys)

    def scored_dimensions(self, form: Form) -> tuple[Dimension, ...]:
        """The form's dimensions: those with at least one pair on it (measurement 2)."""
        with_pair = {i.dimension for i in self.items_of(form) if i.kind == "pair"}
        return tuple(d for d in self.dimensions if d.key in with_pair)


def _is_whole(value: object) -> bool:
    # bool is an int in Python; True must not pass for 1.
    return isinstance(value, int) and not isinstance(value, bool)
