"""A report in plain words: every sentence of a result page that depends on the scores."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.instrument.document import Pole, Poles, Questionnaire, Side
from assessments.scoring import Report

# Pages show preference from 100 to one pole to 100 to the other, readiness from 0 to 100.
PREFERENCE_UNIT, READINESS_UNIT = 50, 25
# Where the size of a lean changes its word (measurement 4).
SLIGHT_BELOW, MODERATE_BELOW = 0.35, 1.0
# From here a role counts as wanted, or as within reach (measurement 6, stepping stone).
WANT_HIGH, CAN_HIGH = 70, 60

BANDS: dict[str, Promise] = {
    "new": gettext_lazy("New"),
    "developing": gettext_lazy("Developing"),
    "ready": gettext_lazy("Ready"),
    "strong": gettext_lazy("Strong"),
}
WEIGHTS: dict[int, Promise] = {
    1: gettext_lazy("helpful"),
    2: gettext_lazy("important"),
    3: gettext_lazy("decisive"),
}
LEANS = {"strong_a": "a", "leans_a": "a", "leans_b": "b", "strong_b": "b"}
QUALITY: dict[str, Promise] = {
    "high": gettext_lazy("Your answers can be read well."),
    "medium": gettext_lazy("Your answers can be read, with some care."),
    "low": gettext_lazy("Your answers cannot be read as a profile."),
}


def lean_of(report: Report) -> Side | None:
    """The side that the headline leans to; None where it leans to neither."""
    side = LEANS.get(report.overall.verdict)
    return None if side is None else ("a" if side == "a" else "b")


def headline(report: Report, poles: Poles) -> str:
    """The verdict in one short sentence."""
    verdict = report.overall.verdict
    side = lean_of(report)
    if side is not None:
        strongly = verdict.startswith("strong")
        words = (
            _("You lean strongly towards %(pole)s") if strongly else _("You lean towards %(pole)s")
        )
        return words % {"pole": poles[side].name}
    if verdict == "none" and report.quality.level == "low":
        return _("We could not read a clear result")
    return {
        "mixed": _("You lean one way on some things, the other way on others"),
        "even": _("You are at home on both sides"),
        "too_close": _("It is too close to call"),
        "none": _("We cannot give a verdict yet"),
    }[verdict]


def headline_detail(report: Report, document: Questionnaire) -> str:
    """What the headline means, with the count of dimensions where the form gives rows."""
    verdict = report.overall.verdict
    if verdict == "none":
        return _no_verdict(report, document)
    if verdict == "mixed":
        return " ".join(_side_list(report, document, side) for side in ("a", "b"))
    opening = {
        "even": _("Your preference does not favour a side, and its likely range is narrow."),
        "too_close": _("What you chose leaves the total open. The single topics below say more."),
    }.get(verdict, "")
    return " ".join(part for part in (opening, _row_counts(report, document.poles)) if part)


def _no_verdict(report: Report, document: Questionnaire) -> str:
    if report.quality.level == "low":
        return _("That says something about this set of answers, not about you.")
    asked = document.scored_dimensions(document.form[report.form])
    scored = sum(row.preference is not None for row in report.dimensions)
    return _(
        "A verdict needs answers on at least seven in ten dimensions. "
        "You gave them on %(scored)d of %(total)d."
    ) % {"scored": scored, "total": len(asked)}


def _side_list(report: Report, document: Questionnaire, side: Side) -> str:
    names = [
        document.dimension[row.key].name
        for row in report.dimensions
        if row.preference and (row.preference > 0) == (side == "b")
    ]
    values = {"pole": document.poles[side].name, "names": ", ".join(names)}
    return _("To %(pole)s: %(names)s.") % values


def _row_counts(report: Report, poles: Poles) -> str:
    verdicts = [row.verdict for row in report.dimensions if row.verdict]
    if not verdicts:
        return ""
    sides = [LEANS.get(verdict) for verdict in verdicts]
    unscored = verdicts.count("not_enough")
    values = {
        "a": poles.a.name,
        "b": poles.b.name,
        "to_a": sides.count("a"),
        "to_b": sides.count("b"),
        "open": verdicts.count("no_lean"),
    }
    counts = _(
        "Dimensions that lean to %(b)s: %(to_b)d, to %(a)s: %(to_a)d, "
        "with no clear lean: %(open)d."
    )
    if not unscored:
        return counts % values
    rest = _("With too few answers: %(count)d.")
    return f"{counts % values} {rest % {'count': unscored}}"


def readiness_sentence(report: Report, poles: Poles) -> str:
    """Both readiness bands, and whether they agree with the lean."""
    band_a, band_b = report.overall.readiness_a.band, report.overall.readiness_b.band
    if band_a is None or band_b is None:
        return ""
    bands = _("By your own account you are %(band_a)s for %(a)s and %(band_b)s for %(b)s.") % {
        "a": poles.a.name,
        "b": poles.b.name,
        "band_a": BANDS[band_a],
        "band_b": BANDS[band_b],
    }
    return f"{bands} {_agreement(report)}".strip()


def _agreement(report: Report) -> str:
    pattern, side = report.overall.readiness_pattern, lean_of(report)
    if pattern == "both":
        return _("You are ready for both, so let what you enjoy decide.")
    if pattern == "neither_yet":
        return _("So neither side yet. All of it can be learned.")
    if side is None or pattern == "undecided":
        return ""
    if pattern == f"{side}_ready":
        return _("So your interest and your practice point the same way.")
    return _("So your interest is ahead of your practice.")


def sureness(report: Report, poles: Poles) -> str:
    """How often a repeat would give the same lean, and how large the lean may be; "" without."""
    side, word = lean_of(report), report.overall.sureness
    if side is None or word is None:
        return ""
    how_sure = {
        "very": _("Very sure of the side: if you answered again next week, we would expect "
                  "the same lean nearly every time."),
        "quite": _("Quite sure of the side: if you answered again next week, we would expect "
                   "the same lean about 19 times in 20."),
        "fairly": _("Fairly sure of the side: if you answered again next week, we would expect "
                    "the same lean about 4 times in 5."),
        "not": _("Not sure of the side: we would expect the same lean only slightly more "
                 "often than not."),
    }[word]  # fmt: skip
    return f"{how_sure} {_size_sentence(report)}"


def _size_sentence(report: Report) -> str:
    low, high = sorted((abs(report.overall.low or 0), abs(report.overall.high or 0)))
    least, most = _size(low), _size(high)
    if least == most:
        return _("Its size is %(size)s.") % {"size": least}
    return _("Its size is somewhere between %(least)s and %(most)s.") % {
        "least": least,
        "most": most,
    }


def _size(preference: float) -> str:
    if preference < SLIGHT_BELOW:
        return _("slight")
    return _("moderate") if preference < MODERATE_BELOW else _("strong")


def quality_reasons(report: Report) -> list[str]:
    """What was noticed about the answers, without blame; one sentence a flag."""
    sentences = {
        "missing": _("Many questions have no answer, so there is too little to go by."),
        "speed": _("The answers came faster than most people can read the questions."),
        "same_position": _("Very many answers stand at the same place on the screen, so we "
                           "cannot tell what you prefer from where you clicked."),
        "contradiction": _("Questions about the same topic often got quite different answers."),
        "yes_saying": _("Nearly all ratings are at the top end, which leaves little to tell "
                        "the sides apart."),
        "flat": _("Your preferences lie close together, so they do not separate the roles."),
    }  # fmt: skip
    # Whoever cannot be read need not be told that nothing separates the roles.
    is_low = report.quality.level == "low"
    codes = [flag.code for flag in report.quality.flags]
    return [sentences[code] for code in codes if not (is_low and code == "flat")]


def verdict_words(verdict: str | None, poles: Poles) -> str:
    """A row's verdict in words; "" where the form or the quality gives none."""
    words = {
        "strong_a": _("Strongly %(a)s"),
        "leans_a": _("Leans %(a)s"),
        "no_lean": _("No clear lean"),
        "leans_b": _("Leans %(b)s"),
        "strong_b": _("Strongly %(b)s"),
        "not_enough": _("Not enough answers"),
    }
    if verdict is None:
        return ""
    return words[verdict] % {"a": poles.a.name, "b": poles.b.name}


def preference_words(preference: float, poles: Poles) -> str:
    """A preference as "35 to B2C", never with a minus sign (UX 6.3)."""
    number = plain_number(abs(preference) * PREFERENCE_UNIT)
    if number == "0":
        return _("0, in the middle")
    pole: Pole = poles.a if preference < 0 else poles.b
    return _("%(number)s to %(pole)s") % {"number": number, "pole": pole.name}


def plain_number(value: float) -> str:
    """A whole number; one decimal only where the whole one would not add up in a list."""
    rounded = round(value, 1)
    return str(int(rounded)) if rounded == int(rounded) else f"{rounded:.1f}"


def role_sentence(want: int | None, can: int | None) -> str:
    """Want and Can read together; "" where one of them is missing."""
    if want is None or can is None:
        return ""
    if want >= WANT_HIGH:
        return (
            _("You would enjoy it, and you report much of what it asks for.")
            if can >= CAN_HIGH
            else _("A stretch you would enjoy.")
        )
    return (
        _("You could do it; would you like it?")
        if can >= CAN_HIGH
        else _("Far from how you answered today.")
    )


def gap_sentence(*, name: str, weight: int, pole: Pole, need: int, has: float) -> str:
    """Why a gap is named: what the role needs and what the person reports."""
    return _(
        "Because %(name)s is %(weight)s for this role, it asks for level %(need)d of 4 on the "
        "%(pole)s side. You report %(has)s."
    ) % {
        "name": name.lower(),
        "weight": WEIGHTS[weight],
        "need": need,
        "pole": pole.name,
        "has": plain_number(has),
    }


def strength_sentence(*, pole: Pole, need: int, has: float) -> str:
    """Why a strength is named."""
    return _("You report level %(has)s of 4 on the %(pole)s side. The role asks for %(need)d.") % {
        "has": plain_number(has),
        "pole": pole.name,
        "need": need,
    }


def rests_on(count: int) -> str:
    """How many answers a score rests on."""
    return ngettext(
        "This score rests on %(count)d answer. Ratings count towards readiness only.",
        "This score rests on %(count)d answers. Ratings count towards readiness only.",
        count,
    ) % {"count": count}


def names_together(names: Sequence[str]) -> str:
    """Roles that come out equally close, named together."""
    return _(
        "%(names)s come out within five points of one another. Read them as equally close."
    ) % {"names": _(" and ").join([", ".join(names[:-1]), names[-1]])}
