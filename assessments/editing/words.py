"""Parts and values of the document, and changes of them, in an editor's words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.instrument.differences import QUESTIONNAIRE, Difference, DocumentPart, Kind
from assessments.instrument.rewording import Run, word_runs
from assessments.questionnaires.rows import PARTS

MODELS = {model.collection: model for model in PARTS}
STUDY: DocumentPart = ("study",)

# Steps of a path in the document that are no names of the editor's own.
STEPS = {
    "a": gettext_lazy("pole A"),
    "anchors": gettext_lazy("answers"),
    "b": gettext_lazy("pole B"),
    "bad": gettext_lazy("mistake"),
    "closing": gettext_lazy("last steps"),
    "cluster": gettext_lazy("cluster"),
    "colour": gettext_lazy("colour"),
    "definition": gettext_lazy("definition"),
    "dimension": gettext_lazy("dimension"),
    "done_when": gettext_lazy("done when"),
    "fit_a": gettext_lazy("fit to pole A"),
    "fit_b": gettext_lazy("fit to pole B"),
    "gloss": gettext_lazy("explanation"),
    "good": gettext_lazy("better way"),
    "half_weight": gettext_lazy("half weight"),
    "interview": gettext_lazy("interview questions"),
    "items": gettext_lazy("questions"),
    "left": gettext_lazy("left statement"),
    "level_from": gettext_lazy("from level"),
    "level_to": gettext_lazy("to level"),
    "long_name": gettext_lazy("name in full"),
    "minutes_max": gettext_lazy("minutes at most"),
    "near": gettext_lazy("near roles"),
    "neither_yet": gettext_lazy("ready for neither yet"),
    "pairs_per_dimension": gettext_lazy("pairs for each dimension"),
    "pole": gettext_lazy("pole"),
    "poles": gettext_lazy("poles"),
    "quality_cap": gettext_lazy("answer quality at most"),
    "rating": gettext_lazy("of ratings"),
    "ratings_per_side": gettext_lazy("ratings for each side"),
    "pair": gettext_lazy("of pairs"),
    "right": gettext_lazy("right statement"),
    "short_a": gettext_lazy("pole A, in short"),
    "short_b": gettext_lazy("pole B, in short"),
    "source_refs": gettext_lazy("sources"),
    "step_hours": gettext_lazy("hours a step"),
    "stems": gettext_lazy("what is asked"),
    "tells_apart": gettext_lazy("what tells them apart"),
    "tie_order": gettext_lazy("order in ties"),
    "year": gettext_lazy("year"),
}

KINDS = {
    "added": gettext_lazy("added"),
    "removed": gettext_lazy("removed"),
    "changed": gettext_lazy("changed"),
    "moved": gettext_lazy("moved"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after in words; `runs` where a text was reworded.

    `field` is "" where the part as a whole came, went or moved.
    """

    field: str
    kind: str
    before: str
    after: str
    runs: tuple[Run, ...] = ()

    @property
    def marked(self) -> SafeString:
        """The reworded text: what went is struck out, what came underlined, both said aloud."""
        return format_html_join("", "{}", ((_marked(kind, text),) for kind, text in self.runs))


def _marked(kind: str, text: str) -> SafeString | str:
    # Not in a template, where blanks between the words would come and go.
    if kind == "same":
        return text
    tag, said = ("del", _("taken out")) if kind == "removed" else ("ins", _("put in"))
    spoken = '<span class="visually-hidden">{}</span>'
    return format_html(f"<{tag}>{spoken}{{}}{spoken}</{tag}>", f"[{said}: ", text, "]")


def kind_of_part(part: DocumentPart) -> str:
    """What such a part is called: `question`, `role`."""
    if part == QUESTIONNAIRE:
        return _("questionnaire")
    model = MODELS.get(part[:-1])
    return str(model._meta.verbose_name) if model else _("study plan")


def part_words(part: DocumentPart) -> str:
    """A part by what it is and by its key: `Question metrics-1`."""
    kind = capfirst(kind_of_part(part))
    return kind if part in (QUESTIONNAIRE, STUDY) else f"{kind} {part[-1]}"


def field_words(steps: Iterable[str | int]) -> str:
    """The way within a part: `options › 2 › fit to pole A`. A number is a place from 1."""
    return " › ".join(str(STEPS.get(str(step), str(step).replace("_", " "))) for step in steps)


def _steps(field: str) -> list[str]:
    """The steps of a field of `Difference`. A source's reference, such as 2.1, is one."""
    name, _dot, rest = field.partition(".")
    return [name] if name == "source_refs" else [name, *filter(None, rest.split("."))]


def value_words(value: Any) -> str:
    """A value of the document in one text, lines and all; "" for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        return "\n".join(f"{field_words([key])}: {_within(entry)}" for key, entry in value.items())
    if isinstance(value, list | tuple):
        return "\n".join(f"– {_within(entry)}" for entry in value)
    return str(value)


def _within(value: Any) -> str:
    """A value that stands in another one."""
    words = value_words(value)
    is_nested = isinstance(value, Mapping | list | tuple) and words
    return "\n  " + words.replace("\n", "\n  ") if is_nested else words


def change_words(
    field: str, kind: Kind, before: Any, after: Any, runs: tuple[Run, ...] = ()
) -> Change:
    """A change, as `instrument.differences` and `.comparison` tell it, in words."""
    return Change(
        field=field_words(_steps(field)) if field else "",
        kind=str(KINDS[kind]),
        before=value_words(before),
        after=value_words(after),
        runs=runs,
    )


def difference_words(found: Difference) -> Change:
    """The same for one of `differences`; a text is told word by word."""
    is_text = isinstance(found.before, str) and isinstance(found.after, str)
    runs = word_runs(found.before, found.after) if is_text and found.kind == "changed" else ()
    return change_words(found.field, found.kind, found.before, found.after, runs)
