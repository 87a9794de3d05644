"""The change between two attempts in plain words."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.instrument.document import Poles, Side
from assessments.reports.words import PREFERENCE_UNIT, READINESS_UNIT, preference_words
from assessments.scoring.change import ScoreChange
from assessments.scoring.report import Facet

# More names than this in one sentence nobody reads.
NAMES_SAID = 4

NUMBERS: tuple[Promise, ...] = (
    gettext_lazy("No"),
    gettext_lazy("One"),
    gettext_lazy("Two"),
    gettext_lazy("Three"),
    gettext_lazy("Four"),
    gettext_lazy("Five"),
    gettext_lazy("Six"),
    gettext_lazy("Seven"),
    gettext_lazy("Eight"),
    gettext_lazy("Nine"),
)
VERDICTS: dict[str, Promise] = {
    "changed": gettext_lazy("changed"),
    "probably": gettext_lazy("probably changed"),
    "none": gettext_lazy("no change to speak of"),
    "not_comparable": gettext_lazy("not comparable"),
}
SIDE_OF: dict[Facet, Side | None] = {"preference": None, "readiness_a": "a", "readiness_b": "b"}


def headline(changed: int, *, may_be_chance: bool) -> str:
    """How much really changed, as a count."""
    count = NUMBERS[changed] if changed < len(NUMBERS) else str(changed)
    if not changed:
        return _("Nothing really changed")
    if may_be_chance:
        words = ngettext(
            "%(count)s change, which may well be chance",
            "%(count)s changes, which may well be chance",
            changed,
        )
    else:
        words = ngettext(
            "%(count)s thing really changed", "%(count)s things really changed", changed
        )
    return words % {"count": count}


def facet_name(facet: Facet, poles: Poles) -> str:
    """What a score is about."""
    side = SIDE_OF[facet]
    if side is None:
        return _("What you prefer")
    return _("Ready for %(pole)s") % {"pole": poles[side].name}


def score_words(score: float | None, facet: Facet, poles: Poles) -> str:
    """A score on the page's scale, in whole points; "" where there is none."""
    if score is None:
        return ""
    if facet == "preference":
        return preference_words(round(score * PREFERENCE_UNIT) / PREFERENCE_UNIT, poles)
    return str(round(score * READINESS_UNIT))


def then_words(change: ScoreChange, facet: Facet, poles: Poles) -> str:
    """Both scores, the earlier one first; "–" where there is none."""
    first = score_words(change.first, facet, poles) or "–"
    second = score_words(change.second, facet, poles) or "–"
    return _("%(first)s, then %(second)s") % {"first": first, "second": second}


def move_words(change: ScoreChange, facet: Facet, poles: Poles) -> str:
    """How far a score moved and where to: "50 towards B2B", "25 more"."""
    difference = change.difference or 0.0
    unit = PREFERENCE_UNIT if facet == "preference" else READINESS_UNIT
    points = round(abs(difference) * unit)
    if not points:
        return _("No difference")
    if facet != "preference":
        words = _("%(points)d more") if difference > 0 else _("%(points)d less")
        return words % {"points": points}
    pole = poles.b if difference > 0 else poles.a
    return _("%(points)d towards %(pole)s") % {"points": points, "pole": pole.name}


def verdict_sentence(change: ScoreChange, facet: Facet) -> str:
    """What to make of the difference of an overall score."""
    if change.verdict == "not_comparable":
        return _("Not comparable: %(reason)s.") % {"reason": reason(change)}
    if change.verdict == "none":
        return _("No change to speak of.")
    if change.verdict == "probably":
        return _("Probably a change. Just under what we would call real.")
    unit = PREFERENCE_UNIT if facet == "preference" else READINESS_UNIT
    return _("A real change. It is larger than the %(limit)d points that chance may bring.") % {
        "limit": int((change.limit or 0.0) * unit)
    }


def reason(change: ScoreChange) -> str:
    """Why a score cannot be compared."""
    if not change.common:
        return _("no question in common")
    if change.first is None and change.second is None:
        return _("not answered in either attempt")
    if change.first is None:
        return _("not answered in the earlier attempt")
    return _("not answered in the later attempt")


def moved_towards(pole: str, names: Sequence[str]) -> str:
    """Where the preference moved, as a part of a sentence."""
    return _("you moved towards %(pole)s in %(names)s") % {"pole": pole, "names": listed(names)}


def reported(pole: str, names: Sequence[str], *, more: bool) -> str:
    """Where the reported practice changed, as a part of a sentence."""
    words = (
        _("you report more practice for %(pole)s in %(names)s")
        if more
        else _("you report less practice for %(pole)s in %(names)s")
    )
    return words % {"pole": pole, "names": listed(names)}


def between(earlier: str, later: str, parts: Sequence[str], others: int) -> str:
    """The sentence below the headline: what changed between two dates, and that the rest may be
    chance.
    """
    if parts:
        told = _("Between %(earlier)s and %(later)s %(parts)s.") % {
            "earlier": earlier,
            "later": later,
            "parts": "; ".join(parts),
        }
    else:
        told = _("Between %(earlier)s and %(later)s no score moved further than chance may.") % {
            "earlier": earlier,
            "later": later,
        }
    if not (parts and others):
        return told
    rest = ngettext(
        "The other difference is small enough to be chance.",
        "The other %(count)d differences are small enough to be chance.",
        others,
    )
    return f"{told} {rest % {'count': others}}"


def listed(names: Sequence[str]) -> str:
    """Names as a part of a sentence; their number where there are too many."""
    if len(names) > NAMES_SAID:
        return _("%(count)d topics") % {"count": len(names)}
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def unreadable(dates: Sequence[str]) -> str:
    """Why attempts of low quality are not compared."""
    return _(
        "The answers of %(dates)s could not be read as a profile. What differs would say "
        "something about that set of answers, not about you."
    ) % {"dates": _(" and ").join(dates)}


def nothing_shared() -> str:
    """Why attempts without a common question are not compared."""
    return _("The two attempts share no question word for word, so no score can be compared.")


def different_questionnaires(first: str, second: str) -> str:
    """Why attempts at two questionnaires are not compared."""
    return _(
        "“%(first)s” and “%(second)s” are two questionnaires. Their scores mean different things, "
        "so there is nothing to compare."
    ) % {"first": first, "second": second}


def carried_over_note() -> str:
    """Why two attempts of one sitting hardly differ."""
    return _(
        "The later attempt took over the answers of the earlier one. So this is one set of "
        "answers seen twice, and says nothing about change."
    )


def chance_note(scores: int, by_chance: int, changed: int) -> str:
    """How many changes of single topics chance alone would give."""
    return _(
        "We compared %(scores)d scores of single topics, and %(changed)d passed the limit. If "
        "nothing had changed, up to %(by_chance)d would pass it all the same."
    ) % {"scores": scores, "by_chance": by_chance, "changed": changed}


def shared_note(common: int, first: int, second: int) -> str:
    """What the comparison rests on."""
    return _(
        "The comparison rests on the %(common)d questions that both attempts share word for word. "
        "You answered %(first)d of them the first time and %(second)d the second time."
    ) % {"common": common, "first": first, "second": second}


def edition_note(first: int, second: int) -> str:
    """Which editions of the questions were used."""
    if first == second:
        return _("Both attempts used edition %(number)d of the questions.") % {"number": first}
    return _(
        "The earlier attempt used edition %(first)d of the questions, the later one edition "
        "%(second)d. Both were scored again on what they share, so the numbers here may differ "
        "from those of the two results."
    ) % {"first": first, "second": second}


def form_note() -> str:
    """Why there are no numbers that one of the results has."""
    return _(
        "The two attempts differ in length. Both were scored again on the questions that they "
        "share, so the numbers here may differ from those of the two results."
    )
