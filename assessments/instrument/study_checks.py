"""Whether the study library leads everywhere that a plan may send somebody (blueprint 8)."""

from collections.abc import Iterator

from assessments.instrument.document import RATING_MAX, SIDES, Questionnaire, Side
from assessments.instrument.faults import Fault, Path
from assessments.instrument.needs import needs

# What each level takes (blueprint 8.1): something to read, then something to do and a drill,
# then real work. Reading alone takes nobody past the first level.
KINDS_BY_LEVEL: tuple[tuple[tuple[frozenset[str], str], ...], ...] = (
    ((frozenset("CR"), "a concept or a chapter (C or R)"),),
    ((frozenset("EA"), "an exercise or an artefact (E or A)"), (frozenset("I"), "a drill (I)")),
    ((frozenset("W"), "a real-work stretch (W)"),),
)


# Blueprint 8.2, point 5: readiness from 0 to 1, 1 to 2 and 2 to 3; no plan promises 4.
STEPS = RATING_MAX - 1


def study_faults(document: Questionnaire) -> Iterator[Fault]:
    """What is wrong with the library: its hours, its levels, and the cells it leaves empty."""
    hours = document.study.step_hours
    for index, row in enumerate(document.study.recommendations):
        if row.level_from > row.level_to:
            path: Path = ("study", "recommendations", index, "level_to")
            yield Fault(
                path, f"This leads down from {row.level_from}. Give a level that is higher."
            )
    if len(hours) != STEPS or min(hours) < 1:
        message = f"Give {STEPS} numbers of hours: from 0 to 1, from 1 to 2 and from 2 to 3."
        yield Fault(("study", "step_hours"), message)
    else:
        yield from _empty_cells(document)


def _empty_cells(document: Questionnaire) -> Iterator[Fault]:
    """Every cell (dimension, side, level) that some role reaches and the library does not fill."""
    for (dimension, side, level), role in _reachable(document).items():
        steps = document.steps(dimension, side, level)
        pole = document.poles[side].name
        where = f"`{dimension}` on the {pole} side, from level {level} to {level + 1}"
        hours, wanted = sum(step.hours for step in steps), document.study.step_hours[level]
        if hours != wanted:
            yield Fault(
                ("study", "recommendations"),
                f"The role `{role}` may need {where}: give steps of {wanted} hours in all "
                f"(now {hours}).",
            )
        for kinds, words in KINDS_BY_LEVEL[level]:
            if steps and not any(step.kind in kinds for step in steps):
                yield Fault(("study", "recommendations"), f"Give {where} {words}.")


def _reachable(document: Questionnaire) -> dict[tuple[str, Side, int], str]:
    """The cells that a plan may have to fill, each with the first role that needs it."""
    cells: dict[tuple[str, Side, int], str] = {}
    for role in document.roles:
        for dimension in document.dimension:
            for side, need in zip(SIDES, needs(role, dimension), strict=True):
                for level in range(min(need, len(document.study.step_hours))):
                    cells.setdefault((dimension, side, level), role.key)
    return cells
