"""How far the answers can be trusted (measurement 5).

These rules run before any ranking. They read the raw answers in the order presented; a screen
position is where the taker clicked, from left to right, before keying. Flags never delete
anyone's data. Inconsistency counts most; long runs alone are weak evidence (Curran 2016; Meade
& Craig 2012). Every cut is our judgement; those of `contradiction` come from simulation: random
takers are low about 85 % of the time, steady ones (noise .84) about 4 %.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import combinations, groupby
from statistics import median

from assessments.instrument.document import PAIR_POSITIONS, Form, Pair, Questionnaire, Rating
from assessments.scoring.answers import AnswerSheet
from assessments.scoring.preference import Preference
from assessments.scoring.profile import Profile
from assessments.scoring.readiness import Readiness
from assessments.scoring.report import Flag, Quality, QualityLevel
from assessments.scoring.uncertainty import standard_deviation

MAX_MISSING_SHARE = 0.20  # of the form's items
TOO_FAST_SECONDS, FAST_SECONDS = 2.0, 3.0  # median an answer
MIDDLE_POSITION = PAIR_POSITIONS // 2 + 1
SAME_POSITION_SHARE = 0.80  # of the answered pairs
SAME_POSITION_RUN = 10  # pairs in a row; on a form with fewer pairs all but one of them
SAME_POSITION_MIN_PAIRS = 5  # answered, or there is nothing to see
CONTRADICTION_LOW, CONTRADICTION_MEDIUM = 1.25, 1.05  # of 4
CONTRADICTION_MIN_DIMENSIONS = 8
YES_SAYING_MEAN, YES_SAYING_SD = 3.5, 0.6  # of 4
YES_SAYING_EXCESS = 1.75  # of 4: ratings above what the scenarios show
FLAT_PREFERENCE, FLAT_SPREAD = 0.35, 0.5


def quality_of(
    document: Questionnaire, form: Form, sheet: AnswerSheet, profile: Profile
) -> Quality:
    """All flags in the order of measurement's table, and the level that they come to.

    A form without rows is too short to tell random answers: of the rules about answers only the
    first three apply. `flat` judges no answers and applies to every form, since a flat profile
    must never be ranked.
    """
    items = tuple(document.items_of(form))
    pairs = [item for item in items if item.kind == "pair"]
    found = [
        _missing([sheet.is_answered(item) for item in items]),
        _speed([sheet.seconds[i.key] for i in items if _is_timed(i.key, sheet)]),
        _same_position([_screen_position(pair, sheet) for pair in pairs]),
    ]
    if form.rules.rows:
        ratings = [item for item in items if item.kind == "rating"]
        readiness = [r for scores in profile.dimensions for r in scores.readiness.values()]
        found += [
            _contradiction(scores.preference for scores in profile.dimensions),
            _yes_saying(ratings, readiness, sheet),
        ]
    found.append(_flat(profile))
    flags = tuple(flag for flag in found if flag)
    return Quality(level=_level(flags, form.rules.quality_cap), flags=flags)


def is_flat(quality: Quality) -> bool:
    """Whether the preferences do not separate the roles."""
    return any(flag.code == "flat" for flag in quality.flags)


def _level(flags: Sequence[Flag], cap: QualityLevel | None) -> QualityLevel:
    levels = [flag.level for flag in flags]
    if "low" in levels or levels.count("medium") >= 2:
        return "low"
    return "medium" if "medium" in levels or cap == "medium" else "high"


def _missing(is_answered: Sequence[bool]) -> Flag | None:
    asked, unanswered = len(is_answered), is_answered.count(False)
    if unanswered / asked <= MAX_MISSING_SHARE:
        return None
    return Flag(code="missing", level="low", detail={"unanswered": unanswered, "asked": asked})


def _is_timed(key: str, sheet: AnswerSheet) -> bool:
    return key in sheet.seconds and sheet.answers.get(key) is not None


def _speed(seconds: Sequence[float]) -> Flag | None:
    if not seconds or (middle := median(seconds)) >= FAST_SECONDS:
        return None
    return Flag(
        code="speed",
        level="low" if middle < TOO_FAST_SECONDS else "medium",
        detail={"median_seconds": float(middle), "answers": len(seconds)},
    )


def _screen_position(pair: Pair, sheet: AnswerSheet) -> int | None:
    choice = pair.choice_of(sheet.number(pair))
    return int(choice) if choice else None


def _same_position(positions: Sequence[int | None]) -> Flag | None:
    """Judge the screen positions of all pairs as presented; a skipped pair breaks a run."""
    answered = [position for position in positions if position is not None]
    if len(answered) < SAME_POSITION_MIN_PAIRS:
        return None
    runs = [
        len(list(run))
        for position, run in groupby(positions)
        if position not in (None, MIDDLE_POSITION)
    ]
    most = max(
        answered.count(position)
        for position in range(1, PAIR_POSITIONS + 1)
        if position != MIDDLE_POSITION
    )
    longest = max(runs, default=0)
    needed = SAME_POSITION_RUN if len(positions) >= SAME_POSITION_RUN else len(positions) - 1
    if most / len(answered) < SAME_POSITION_SHARE and longest < needed:
        return None
    return Flag(
        code="same_position",
        level="low",
        detail={"at_one_position": most, "answered": len(answered), "longest_run": longest},
    )


def _contradiction(preferences: Iterable[Preference]) -> Flag | None:
    """Mean absolute difference between the pairs of a dimension, over complete dimensions."""
    differences = [_mean_difference(p.values) for p in preferences if p.is_complete]
    if len(differences) < CONTRADICTION_MIN_DIMENSIONS:
        return None
    mean = math.fsum(differences) / len(differences)
    if mean <= CONTRADICTION_MEDIUM:
        return None
    return Flag(
        code="contradiction",
        level="low" if mean > CONTRADICTION_LOW else "medium",
        detail={"mean_difference": mean, "dimensions": len(differences)},
    )


def _mean_difference(values: Sequence[int]) -> float:
    differences = [abs(one - other) for one, other in combinations(values, 2)]
    return math.fsum(differences) / len(differences)


def _yes_saying(
    ratings: Sequence[Rating], readiness: Sequence[Readiness], sheet: AnswerSheet
) -> Flag | None:
    values = [value for rating in ratings if (value := sheet.number(rating)) is not None]
    sd = standard_deviation(values)
    if sd is None or sd >= YES_SAYING_SD:
        return None
    mean = math.fsum(values) / len(values)
    if mean < YES_SAYING_MEAN:
        return None
    # Both means over the same cells: ratings above scenarios = mean of the differences.
    excesses = [
        cell.rating - cell.scenario
        for cell in readiness
        if cell.rating is not None and cell.scenario is not None
    ]
    if not excesses:
        return Flag(code="yes_saying", level="medium", detail={"mean": mean, "sd": sd})
    excess = math.fsum(excesses) / len(excesses)
    return Flag(
        code="yes_saying",
        level="low" if excess >= YES_SAYING_EXCESS else "medium",
        detail={"mean": mean, "sd": sd, "above_scenarios": excess},
    )


def _flat(profile: Profile) -> Flag | None:
    if profile.overall is None or profile.spread is None:
        return None
    preference = profile.overall.value
    if abs(preference) >= FLAT_PREFERENCE or profile.spread >= FLAT_SPREAD:
        return None
    detail = {"preference": preference, "spread": profile.spread}
    return Flag(code="flat", level="own", detail=detail)
