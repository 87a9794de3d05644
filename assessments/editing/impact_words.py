"""An impact in words: what the page shows, from `impact/1` and the desk's names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.instrument.document import Questionnaire, Side
from assessments.scoring.impact_figures import ALL_BUT_FEW, FEW, Figure

NOTHING = gettext_lazy("nothing")
WHATS = {
    "headline": gettext_lazy("Headline"),
    "readiness_a": gettext_lazy("Readiness for %(a)s"),
    "readiness_b": gettext_lazy("Readiness for %(b)s"),
    "quality": gettext_lazy("Answer quality"),
    "ranking": gettext_lazy("How roles are ranked"),
    "first_role": gettext_lazy("First role"),
    "first_theme": gettext_lazy("First theme of the plan"),
}
VERDICTS = {
    "strong_a": gettext_lazy("strongly %(a)s"),
    "leans_a": gettext_lazy("leans %(a)s"),
    "leans_b": gettext_lazy("leans %(b)s"),
    "strong_b": gettext_lazy("strongly %(b)s"),
    "mixed": gettext_lazy("mixed"),
    "even": gettext_lazy("even"),
    "too_close": gettext_lazy("too close to say"),
    "none": gettext_lazy("no headline"),
}
BANDS = {
    "new": gettext_lazy("new"),
    "developing": gettext_lazy("developing"),
    "ready": gettext_lazy("ready"),
    "strong": gettext_lazy("strong"),
}
QUALITIES = {
    "high": gettext_lazy("high"),
    "medium": gettext_lazy("medium"),
    "low": gettext_lazy("low"),
}
RANKINGS = {
    "overall": gettext_lazy("by wanting and readiness"),
    "want": gettext_lazy("by wanting alone"),
}
WORDS: dict[str, Mapping[str, Any]] = {
    "headline": VERDICTS,
    "readiness_a": BANDS,
    "readiness_b": BANDS,
    "quality": QUALITIES,
    "ranking": RANKINGS,
}
WHY_LOST = {
    "gone": gettext_lazy("no longer asked"),
    "another": gettext_lazy("another question now"),
    "new": gettext_lazy("new: nobody has answered it yet"),
}
WHY_OUT = {
    "form": gettext_lazy("the desk no longer has the form"),
    "answers": gettext_lazy("no answer holds under the desk"),
    "unreadable": gettext_lazy("the stored result could not be read"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A thing that is told, how many would be told otherwise, and from what to what."""

    name: str
    differ: str
    examples: list[str]


@dataclass(frozen=True, slots=True)
class DimensionLine:
    name: str
    people: str
    verdict: str
    readiness_a: str
    readiness_b: str


@dataclass(frozen=True, slots=True)
class ImpactPage:
    """What the page shows of a run."""

    people: str
    compared: str
    left_out: str
    why_left_out: list[str]
    told_otherwise: str
    lines: list[Line]
    poles: Mapping[str, str]
    dimensions: list[DimensionLine]
    questions: list[str]
    people_with_answers_left_out: str
    goal_gone: str
    ranking: tuple[str, str]
    recommendation: tuple[str, str]
    gaps: list[str]


def impact_page(result: Mapping[str, Any], document: Questionnaire | None) -> ImpactPage:
    """The run in words; without a document, keys stand for names."""
    names = _Names(document)
    left_out = result["left_out"]
    ranking, recommendation = result["without_ranking"], result["without_recommendation"]
    questions = result["questions"]
    return ImpactPage(
        people=said(result["people"]),
        compared=said(result["compared"]),
        left_out=said(left_out["people"]),
        why_left_out=[*_reasons(left_out)],
        told_otherwise=said(result["told_otherwise"]),
        lines=[_line(one, names) for one in result["whole"]],
        poles=names.poles,
        dimensions=[_dimension(one, names) for one in result["dimensions"]],
        questions=[
            f"{one['item']}: {WHY_LOST[one['why']]} ({said(one['people'])})"
            for one in questions["left_out"]
        ],
        people_with_answers_left_out=said(questions["people_with_answers_left_out"]),
        goal_gone=said(result["goal_gone"]),
        ranking=(said(ranking["before"]), said(ranking["after"])),
        recommendation=(said(recommendation["before"]), said(recommendation["after"])),
        gaps=[_gap(one, names) for one in recommendation["gaps"]],
    )


def said(figure: Figure) -> str:
    """A figure as the page writes it."""
    return {FEW: _("fewer than five"), ALL_BUT_FEW: _("all but fewer than five")}.get(
        str(figure), str(figure)
    )


class _Names:
    """What the desk calls poles, dimensions and roles; their keys where it is no document."""

    def __init__(self, document: Questionnaire | None) -> None:
        self._document = document

    @property
    def poles(self) -> dict[str, str]:
        if self._document is None:
            return {"a": _("pole A"), "b": _("pole B")}
        return {"a": self._document.poles.a.name, "b": self._document.poles.b.name}

    def dimension(self, key: str) -> str:
        known = self._document.dimension.get(key) if self._document else None
        return known.name if known else key

    def role(self, key: str) -> str:
        known = self._document.role.get(key) if self._document else None
        return known.name if known else key

    def cell(self, dimension: str, side: Side | str) -> str:
        return _("%(dimension)s, %(pole)s side") % {
            "dimension": self.dimension(dimension),
            "pole": self.poles[side],
        }

    def told(self, what: str, value: str | None) -> str:
        """A value of something that is told."""
        if value is None:
            return str(NOTHING)
        if what == "first_role":
            return self.role(value)
        if what == "first_theme":
            return self.cell(*value.split())
        return str(WORDS[what].get(value, value)) % self.poles


def _reasons(left_out: Mapping[str, Any]) -> Iterable[str]:
    for one in left_out["why"]:
        yield f"{WHY_OUT[one['why']]}: {said(one['people'])}"
    if left_out["others"] and left_out["why"]:
        yield _("other reasons: %(people)s") % {"people": said(left_out["others"])}


def _line(one: Mapping[str, Any], names: _Names) -> Line:
    what = one["what"]
    examples = [
        _("edition %(edition)s: %(before)s → %(after)s (%(people)s)")
        % {
            "edition": example["edition"],
            "before": names.told(what, example["before"]),
            "after": names.told(what, example["after"]),
            "people": example["people"],
        }
        for example in one["examples"]
    ]
    if examples and one["others"]:
        examples.append(_("others: %(people)s") % {"people": said(one["others"])})
    return Line(str(WHATS[what]) % names.poles, said(one["differ"]), examples)


def _dimension(one: Mapping[str, Any], names: _Names) -> DimensionLine:
    return DimensionLine(
        name=names.dimension(one["dimension"]),
        people=said(one["people"]),
        verdict=said(one["verdict"]),
        readiness_a=said(one["readiness_a"]),
        readiness_b=said(one["readiness_b"]),
    )


def _gap(one: Mapping[str, Any], names: _Names) -> str:
    return _("%(cell)s, from level %(level)s to %(next)s (%(people)s)") % {
        "cell": names.cell(one["dimension"], one["side"]),
        "level": one["level"],
        "next": one["level"] + 1,
        "people": said(one["people"]),
    }
