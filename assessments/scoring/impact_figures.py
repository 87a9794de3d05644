"""An impact as figures to look at, in which no figure speaks of fewer than five people."""

from collections import Counter
from collections.abc import Hashable
from typing import Any, TypeVar

from assessments.instrument.document import Questionnaire
from assessments.scoring.impact import OF_DIMENSION, WHOLE, Move, Tally, Told

IMPACT_SCHEMA = "impact/1"
FEWEST_SHOWN = 5
FEW, ALL_BUT_FEW = "fewer than five", "all but fewer than five"
EXAMPLES = 5  # of each kind

Figure = int | str
Json = dict[str, Any]
KeyT = TypeVar("KeyT", bound=Hashable)


def figure(count: int, of: int) -> Figure:
    """The count, unless it or what it leaves of the whole is one to four people."""
    if 0 < count < FEWEST_SHOWN:
        return FEW
    return ALL_BUT_FEW if 0 < of - count < FEWEST_SHOWN else count


def pooled(counts: Counter[KeyT], most: int) -> tuple[list[tuple[KeyT, int]], Figure]:
    """The largest groups, at most so many, and how many people are in none of them.

    Who knows the total cannot work out a group of one to four: with the rest being so small,
    the smallest group shown goes into it.
    """
    shown = [(key, count) for key, count in counts.most_common(most) if count >= FEWEST_SHOWN]
    rest = counts.total() - sum(count for _, count in shown)
    if shown and 0 < rest < FEWEST_SHOWN:
        rest += shown.pop()[1]
    return shown, figure(rest, rest)


def impact_json(tally: Tally, document: Questionnaire, *, desk_digest: str, last: int) -> Json:
    """The tally as `impact/1`; `document` is the desk, `last` how many people were asked for."""
    everybody, compared = tally.people, tally.compared
    reasons, others = pooled(tally.left_out, len(tally.left_out))
    return {
        "schema": IMPACT_SCHEMA,
        "questionnaire": document.slug,
        "desk_digest": desk_digest,
        "last": last,
        "people": figure(everybody, everybody),
        "compared": figure(compared, everybody),
        "left_out": {
            "people": figure(everybody - compared, everybody),
            "why": [{"why": why, "people": count} for why, count in reasons],
            "others": others,
        },
        "told_otherwise": figure(tally.changed, compared),
        "whole": [_whole(tally, Told(what, "")) for what in WHOLE],
        "dimensions": [_dimension(tally, key) for key in _dimensions(tally, document)],
        "questions": {
            "people_with_answers_left_out": figure(tally.lost_any, everybody),
            "left_out": [
                {"item": item, "why": why, "people": figure(count, everybody)}
                for (why, item), count in sorted(tally.lost.items(), key=_by_count)
            ],
        },
        "goal_gone": figure(tally.goal_gone, compared),
        "without_ranking": {
            "before": figure(tally.unranked_before, compared),
            "after": figure(tally.unranked_after, compared),
        },
        "without_recommendation": {
            "before": figure(tally.gap_before, compared),
            "after": figure(tally.gap_after, compared),
            "gaps": [
                {**gap._asdict(), "people": figure(count, compared)}
                for gap, count in sorted(tally.gaps.items(), key=_by_count)
            ],
        },
    }


def _whole(tally: Tally, told: Told) -> Json:
    differing = figure(tally.differing(told), tally.asked[told])
    moves = Counter({move: n for move, n in tally.moves.items() if move.told == told})
    # Else their sum would tell the figure that is not shown.
    shown, others = pooled(moves, EXAMPLES) if isinstance(differing, int) else ([], differing)
    return {
        "what": told.what,
        "differ": differing,
        "examples": [_example(move, count) for move, count in shown],
        "others": others,
    }


def _example(move: Move, count: int) -> Json:
    return {
        "edition": move.edition,
        "before": move.before or None,
        "after": move.after or None,
        "people": count,
    }


def _dimension(tally: Tally, key: str) -> Json:
    asked = tally.asked[Told("verdict", key)]
    counts: dict[str, Figure] = {
        what: figure(tally.differing(Told(what, key)), tally.asked[Told(what, key)])
        for what in OF_DIMENSION
    }
    return {"dimension": key, "people": figure(asked, tally.compared), **counts}


def _dimensions(tally: Tally, document: Questionnaire) -> list[str]:
    """Those of the desk that somebody could be compared on, in its order."""
    return [key for key in document.dimension if tally.asked[Told("verdict", key)]]


def _by_count(entry: tuple[object, int]) -> tuple[int, str]:
    return -entry[1], str(entry[0])
