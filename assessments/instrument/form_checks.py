"""Whether each form holds what its rules say, well mixed (blueprint 7.2-7.4)."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from statistics import fmean
from typing import TypeVar

from assessments.instrument.document import (
    SIDES,
    Form,
    Item,
    Pair,
    Questionnaire,
    Rating,
    Scenario,
)
from assessments.instrument.faults import Fault, Path, warning
from assessments.instrument.item_checks import OPTIONS, is_english, texts, word_count
from assessments.instrument.readability import reading_age, words

T = TypeVar("T")

# Blueprint 7.2
WORDS_PER_SECOND = 4
SECONDS_TO_ANSWER = {"pair": 2, "rating": 3, "scenario": 6}
# Measurement 5, `same_position`
ORIENTATION_MAX_RUN = 3
# Blueprint 7.4
SIDE_MAX_RUN = 3  # "mixed in order", as for the pairs
SIDE_WORDS_BELOW = 2  # between the sides' mean words a rating
# Blueprint 7.5
READING_AGE_MAX = 14


def form_faults(document: Questionnaire) -> Iterator[Fault]:
    """Every form's faults, form by form."""
    for index, form in enumerate(document.forms):
        sheet = _Sheet(document, form, ("forms", index))
        for check in _CHECKS:
            yield from check(sheet)


def estimated_minutes(document: Questionnaire, form: Form) -> float:
    """How long a form takes: reading at four words a second, and 2 to 6 s an answer."""
    sheet = _Sheet(document, form, ())
    seconds = sum(
        word_count(item) / WORDS_PER_SECOND + SECONDS_TO_ANSWER[item.kind]
        for _, item in sheet.rows
    )
    return seconds / 60


@dataclass(frozen=True)
class _Sheet:
    """A form and its items in the order presented, each with its place in the form's list."""

    document: Questionnaire
    form: Form
    path: Path

    @cached_property
    def rows(self) -> list[tuple[Path, Item]]:
        # An item that is not there is a fault of its own.
        return [
            ((*self.path, "sections", s, "items", i), self.document.item[key])
            for s, section in enumerate(self.form.sections)
            for i, key in enumerate(section.items)
            if key in self.document.item
        ]

    @cached_property
    def pairs(self) -> list[tuple[Path, Pair]]:
        return [(place, item) for place, item in self.rows if item.kind == "pair"]

    @cached_property
    def ratings(self) -> list[tuple[Path, Rating]]:
        return [(place, item) for place, item in self.rows if item.kind == "rating"]

    @cached_property
    def scenarios(self) -> list[tuple[Path, Scenario]]:
        return [(place, item) for place, item in self.rows if item.kind == "scenario"]

    def fault(self, message: str) -> Fault:
        return Fault(self.path, message)


def _pair_counts(sheet: _Sheet) -> Iterator[Fault]:
    rules = sheet.form.rules
    counts = Counter(pair.dimension for _, pair in sheet.pairs)
    for key in sheet.document.dimension:
        if counts[key] != rules.pairs_per_dimension and (counts[key] or rules.rows):
            wanted = f"it needs {rules.pairs_per_dimension}"
            yield sheet.fault(f"`{key}` has {_pairs(counts[key])} on this form; {wanted}.")


def _rating_counts(sheet: _Sheet) -> Iterator[Fault]:
    rules = sheet.form.rules
    counts = Counter((rating.dimension, rating.side) for _, rating in sheet.ratings)
    rated = {key for key, _ in counts}
    for key in sheet.document.dimension:
        for side in SIDES:
            count = counts[key, side]
            if count != rules.ratings_per_side and (key in rated or rules.rows):
                have = f"`{key}` has {count} {sheet.document.poles[side].name} rating(s)"
                yield sheet.fault(f"{have} on this form; it needs {rules.ratings_per_side}.")


def _rated_clusters(sheet: _Sheet) -> Iterator[Fault]:
    """A form without rows tells readiness by cluster (blueprint 7.3)."""
    if not sheet.form.rules.ratings_per_side or sheet.form.rules.rows:
        return
    dimensions = sheet.document.dimension
    rated = {
        dimensions[r.dimension].cluster for _, r in sheet.ratings if r.dimension in dimensions
    }
    for cluster in sheet.document.clusters:
        if cluster.key not in rated:
            yield sheet.fault(
                f"Nothing in the cluster `{cluster.key}` is rated here. Add ratings."
            )


def _scenario_counts(sheet: _Sheet) -> Iterator[Fault]:
    counts: Counter[str] = Counter(scenario.setting for _, scenario in sheet.scenarios)
    for setting, wanted in sheet.form.rules.scenarios:
        if counts[setting] != wanted:
            have = f"This form has {counts[setting]} scenario(s) of setting {setting}"
            yield sheet.fault(f"{have}; its rules ask for {wanted}.")


def _orientation(sheet: _Sheet) -> Iterator[Fault]:
    """Pole a on the left as often as pole b: per dimension, and over the form."""
    left = sheet.document.poles.a.name
    for key in sheet.document.dimension:
        pairs = [pair for _, pair in sheet.pairs if pair.dimension == key]
        if not _is_balanced(pairs):
            yield sheet.fault(f"Put {left} on the left in half of the pairs of `{key}`.")
    pairs = [pair for _, pair in sheet.pairs]
    if not _is_balanced(pairs):
        on_left = sum(pair.left.pole == "a" for pair in pairs)
        have = f"{left} is on the left in {on_left} of {_pairs(len(pairs))}"
        yield sheet.fault(f"{have}; turn some round until it is half of them.")


def _is_balanced(pairs: list[Pair]) -> bool:
    on_left = sum(pair.left.pole == "a" for pair in pairs)
    # The two differ by an even number where there is an even number of pairs.
    return abs(len(pairs) - 2 * on_left) <= 1


def _runs(sheet: _Sheet) -> Iterator[Fault]:
    """Pairs of one orientation, and ratings of one side, after each other."""
    for _, run in _runs_of(sheet.pairs, lambda pair: pair.left.pole):
        if len(run) > ORIENTATION_MAX_RUN:
            have = f"{len(run)} pairs in a row have the same pole on the left"
            yield Fault(run[ORIENTATION_MAX_RUN], f"{have}; move one of the others between.")
    for _, run in _runs_of(sheet.ratings, lambda rating: rating.side):
        if len(run) > SIDE_MAX_RUN:
            have = f"{len(run)} ratings in a row are of one side"
            yield warning(run[SIDE_MAX_RUN], f"{have}; mix the two sides.")


def _neighbours(sheet: _Sheet) -> Iterator[Fault]:
    for (_, item), (place, following) in pairwise(sheet.rows):
        name = item.dimension
        same = name == following.dimension
        match item, following:
            case Pair(), Pair() if same:
                yield Fault(place, f"Two pairs of `{name}` stand together; move one away.")
            case Rating(side=side), Rating(side=other) if same and side != other:
                yield Fault(place, f"Both sides of `{name}` are rated together; move one away.")
            case Scenario(), Scenario():
                yield warning(place, "Two scenarios stand together; spread them over the form.")


def _clusters_together(sheet: _Sheet) -> Iterator[Fault]:
    """Ratings grouped by cluster, on the form that rates everything (blueprint 7.2)."""
    if not sheet.form.rules.rows:
        return
    cluster_of = {d.key: d.cluster for d in sheet.document.dimensions}
    seen = set()
    for cluster, places in _runs_of(sheet.ratings, lambda r: cluster_of.get(r.dimension)):
        if cluster in seen:
            yield warning(places[0], f"Keep the ratings of the cluster `{cluster}` together.")
        seen.add(cluster)


def _rating_lengths(sheet: _Sheet) -> Iterator[Fault]:
    means = {
        side: fmean(counts)
        for side in SIDES
        if (counts := [len(words(r.text)) for _, r in sheet.ratings if r.side == side])
    }
    if len(means) == len(SIDES) and abs(means["a"] - means["b"]) >= SIDE_WORDS_BELOW:
        poles = sheet.document.poles
        have = " and ".join(f"{mean:.1f} words ({poles[s].name})" for s, mean in means.items())
        message = f"The ratings have {have} on average; bring them within {SIDE_WORDS_BELOW}."
        yield sheet.fault(message)


def _best_positions(sheet: _Sheet) -> Iterator[Fault]:
    """The best option is now first, now second …: in as many places as there are scenarios."""
    scenarios = [scenario for _, scenario in sheet.scenarios]
    best = {position for scenario in scenarios for position in _best(scenario)}
    if len(best) < min(OPTIONS, len(scenarios)):
        places = ", ".join(str(n) for n in range(1, OPTIONS + 1) if n not in best)
        yield sheet.fault(
            f"The best option of a scenario is never in place {places}. Reorder some."
        )


def _best(scenario: Scenario) -> list[int]:
    fits = [sum(option.fit(side) for side in scenario.sides) for option in scenario.options]
    return [position for position, fit in enumerate(fits, start=1) if fit == max(fits)]


def _minutes(sheet: _Sheet) -> Iterator[Fault]:
    minutes = estimated_minutes(sheet.document, sheet.form)
    limit = sheet.form.rules.minutes_max
    if minutes > limit:
        yield sheet.fault(f"This takes about {minutes:.1f} minutes; shorten it to {limit}.")


def _reading_age(sheet: _Sheet) -> Iterator[Fault]:
    if is_english(sheet.document):
        age = reading_age(text for _, item in sheet.rows for _, text in texts(item))
        if age > READING_AGE_MAX:
            have = f"This reads as for people of about {age:.0f}"
            yield warning(sheet.path, f"{have}; use shorter words and sentences.")


_CHECKS: tuple[Callable[[_Sheet], Iterator[Fault]], ...] = (
    _pair_counts,
    _rating_counts,
    _rated_clusters,
    _scenario_counts,
    _orientation,
    _runs,
    _neighbours,
    _clusters_together,
    _rating_lengths,
    _best_positions,
    _minutes,
    _reading_age,
)


def _runs_of(
    rows: Iterable[tuple[Path, T]], of: Callable[[T], str | None]
) -> Iterator[tuple[str | None, list[Path]]]:
    """The places of items in a row that share something, and what they share."""
    for shared, run in groupby(rows, key=lambda row: of(row[1])):
        yield shared, [place for place, _ in run]


def _pairs(count: int) -> str:
    return f"{count} pair{'' if count == 1 else 's'}"
