"""A second, independent reading of the measurement rules, to compare the real scorer with.

It works on the plain document (parsed YAML or JSON) and imports nothing of the product. Scores
and squared errors are exact fractions; a cut such as "the range excludes 0" is decided on
squares, so no rounding can tip it. Numbers become floats only when the report is written.
Section numbers are those of the measurement rules.

Readings, where the rules leave a choice:

Scores
- The full form is a form whose rules say `rows: true`; the short form one that says false.
- `dimensions` lists the form's dimensions: those with a pair on the form, in the document's
  order. A readiness cell counts towards the overall readiness and Can wherever the form rates
  it, with or without a pair of that dimension (the short form rates two such dimensions).
- Several ratings or scenarios of one cell are averaged before the cell is scored; a cell's
  squared error has m = answered ratings (one: .837). A scenario does not change it.
- low and high are not clipped. z is 1.2816 as printed, not a longer quantile.

Verdicts
- Every dimension's verdict is null on the short form and at low quality; else `not_enough` when
  no pair is answered, or one of two or more.
- `excludes 0` is strict; `within` +-0.4 includes the ends. The overall readiness pattern is
  `undecided` when a side is null; it and a dimension's pattern stand at low quality too. A
  dimension's pattern is `not_scored` when either readiness is missing.
- Sureness is null unless the headline is leans or strong.
- Exceptions: only against a leaning or strong overall side; up to three dimensions whose row
  leans to the other side, largest |P| first, ties in the document's order. None where there are
  no rows.

Quality
- `missing` is a share of what the form asks, the 80 % of `same_position` one of the answered
  pairs, of which there must be five. On 7 pairs, 80 % is "6 of 7", so the short form needs no
  rule of its own.
- A run goes from pair to pair; ratings and scenarios between do not break it, a skip does.
- `speed`: median over the form's items that have seconds; medium is 2.0 <= median < 3.0.
- `contradiction`: dimensions with exactly two pairs on the form, both answered.
- `yes_saying`: SD with n-1, absent for fewer than two ratings. "Exceed the scenario results" is
  the mean over cells with an answered rating and scenario of rating - 2 x fit, a mixed scenario
  being two cells; it only raises the level of a flag that mean and SD already gave.
- `contradiction` and `yes_saying` are off on the short form. `flat` is not: it judges no answers,
  and a flat profile must never be ranked. Its level is "own". Flags come in the table's order.
- The cap lowers high to medium and leaves low alone.

Roles
- Want uses the role's dimensions with a preference, Can the role's cells with a readiness;
  used_want and used_can count them whatever their weight or need.
- No roles and rank_by "none" at low quality or flat, and only then: a headline `none` for too few
  dimensions still ranks. The short form lists all roles.
- Order: ranking value, highest first, ties in the document's order; Can null last.
- equally_close: roles at most 5 points below the first in the ranking value, the first included,
  when at least two; else empty. A role with Can null is never close.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import sqrt
from statistics import NormalDist, median
from typing import Any

Json = dict[str, Any]
Answers = dict[str, int | str | None]
Score = Fraction | None

SIDES = ("a", "b")


def report(
    document: Json, form: str, answers: Answers, seconds: dict[str, float] | None = None
) -> Json:
    """The fields of `report/1` that follow from answers, without digests and trace."""
    sheet = Sheet.of(document, form, answers, seconds or {})
    flags = quality_flags(sheet)
    level = quality_level(sheet, flags)
    headline = headline_verdict(sheet, level)
    ranked, rank_by = ranking(sheet, document["roles"], level, flags)
    return {
        "answered": sum(sheet.answer(item) is not None for item in sheet.items),
        "asked": len(sheet.items),
        "quality": {
            "level": level,
            "flags": [{"code": code, "level": flag} for code, flag in flags.items()],
        },
        "overall": {
            "preference": written(overall_preference(sheet)),
            **likely_range(overall_preference(sheet), overall_preference_sem2(sheet)),
            "verdict": headline,
            "sureness": sureness(sheet, headline),
            "spread": written_root(spread_squared(sheet)),
            "readiness_pattern": overall_pattern(sheet),
            **{f"readiness_{side}": overall_readiness_entry(sheet, side) for side in SIDES},
        },
        "dimensions": [dimension_entry(sheet, key, level) for key in sheet.form_dimensions],
        "exceptions": exceptions(sheet, headline),
        "roles": [role_entry(role) for role in ranked],
        "rank_by": rank_by,
        "equally_close": equally_close(ranked, rank_by),
    }


# --- What was asked and answered ----------------------------------------------------------------


@dataclass(frozen=True)
class Sheet:
    """One form's items in presented order, with one person's answers."""

    dimensions: list[Json]
    items: list[Json]
    rules: Json
    answers: Answers
    seconds: dict[str, float]

    @classmethod
    def of(cls, document: Json, form: str, answers: Answers, seconds: dict[str, float]) -> Sheet:
        chosen = next(entry for entry in document["forms"] if entry["key"] == form)
        item_of = {item["key"]: item for item in document["items"]}
        items = [item_of[key] for section in chosen["sections"] for key in section["items"]]
        return cls(document["dimensions"], items, chosen["rules"], answers, seconds)

    def answer(self, item: Json) -> Any:
        return self.answers.get(item["key"])

    @property
    def is_full(self) -> bool:
        return bool(self.rules["rows"])

    @cached_property
    def pairs(self) -> list[Json]:
        return [item for item in self.items if item["kind"] == "pair"]

    @cached_property
    def form_dimensions(self) -> list[str]:
        """2: "those with at least one pair on the form"."""
        paired = {pair["dimension"] for pair in self.pairs}
        return [d["key"] for d in self.dimensions if d["key"] in paired]

    def pairs_of(self, dimension: str) -> list[Json]:
        return [pair for pair in self.pairs if pair["dimension"] == dimension]

    def pair_values(self, dimension: str) -> list[int]:
        given = [self.answer(pair) for pair in self.pairs_of(dimension)]
        return [value for value in given if value is not None]

    def ratings(self, dimension: str, side: str) -> list[int]:
        return [
            self.answer(item)
            for item in self.items
            if item["kind"] == "rating"
            and (item["dimension"], item["side"]) == (dimension, side)
            and self.answer(item) is not None
        ]

    def fits(self, dimension: str, side: str) -> list[int]:
        """Option fit (0-2) of every answered scenario that counts for the cell."""
        return [
            option[f"fit_{side}"]
            for item in self.items
            if item["kind"] == "scenario"
            and item["dimension"] == dimension
            and item["setting"] in (side, "mixed")
            for option in item["options"]
            if option["key"] == self.answer(item)
        ]

    def cells(self) -> list[tuple[str, str]]:
        return [(d["key"], side) for d in self.dimensions for side in SIDES]

    @cached_property
    def preferences(self) -> dict[str, Fraction]:
        """The dimensions that have a preference."""
        scores = {key: preference(self, key) for key in self.form_dimensions}
        return {key: score for key, score in scores.items() if score is not None}

    @cached_property
    def scored_cells(self) -> dict[tuple[str, str], Fraction]:
        """The cells that have a readiness, of whichever dimension."""
        scores = {cell: readiness(self, *cell) for cell in self.cells()}
        return {cell: score for cell, score in scores.items() if score is not None}


# --- 2. Scores ----------------------------------------------------------------------------------


def mean(values: list[int] | list[Fraction]) -> Score:
    return Fraction(sum(values, Fraction(0))) / len(values) if values else None


def variance(values: list[int] | list[Fraction]) -> Score:
    """With n-1; None for fewer than two."""
    if len(values) < 2:
        return None
    centre = Fraction(sum(values, Fraction(0))) / len(values)
    return sum(((value - centre) ** 2 for value in values), Fraction(0)) / (len(values) - 1)


def preference(sheet: Sheet, dimension: str) -> Score:
    """2: "P = mean of its answered pairs, keyed so that + is pole b"."""
    return mean(sheet.pair_values(dimension))


def readiness(sheet: Sheet, dimension: str, side: str) -> Score:
    """2: "R = its rating; ... 0.75 x rating + 0.25 x (2 x option fit). Rating missing: null"."""
    rating = mean(sheet.ratings(dimension, side))
    fit = mean(sheet.fits(dimension, side))
    if rating is None or fit is None:
        return rating
    return Fraction(3, 4) * rating + Fraction(1, 4) * (2 * fit)


def weights(sheet: Sheet) -> dict[str, Fraction]:
    """2: "w = 0.5 for dimensions marked half_weight, else 1"."""
    return {
        d["key"]: Fraction(1, 2) if d.get("half_weight") else Fraction(1) for d in sheet.dimensions
    }


def overall_preference(sheet: Sheet) -> Score:
    """2: "sum of w P / sum of w over scored dimensions"."""
    scored, weight = sheet.preferences, weights(sheet)
    if not scored:
        return None
    total = sum(weight[key] for key in scored)
    return sum((weight[key] * score for key, score in scored.items()), Fraction(0)) / total


def spread_squared(sheet: Sheet) -> Score:
    """2: spread is "standard deviation (n-1) of the P; null for fewer than two"."""
    return variance(list(sheet.preferences.values()))


def overall_readiness(sheet: Sheet, side: str) -> Score:
    """2: "mean of its scored dimensions"."""
    return mean([score for (_, of), score in sheet.scored_cells.items() if of == side])


# --- 3. Uncertainty (all as squares) ------------------------------------------------------------

R1 = Fraction("0.30")
SD1 = Fraction("1.0")
Z = Fraction("1.2816")


def mean_sem2(answered: int) -> Fraction:
    """3: "SD1 sqrt((1 - r1) / m)", squared."""
    return SD1**2 * (1 - R1) / answered


def preference_sem2(sheet: Sheet, dimension: str) -> Score:
    answered = len(sheet.pair_values(dimension))
    return mean_sem2(answered) if answered else None


def overall_preference_sem2(sheet: Sheet) -> Score:
    """3: "sqrt(sum of w^2 SEM^2) / sum of w", squared."""
    scored, weight = sheet.preferences, weights(sheet)
    if not scored:
        return None
    errors = [weight[key] ** 2 * mean_sem2(len(sheet.pair_values(key))) for key in scored]
    return sum(errors, Fraction(0)) / sum(weight[key] for key in scored) ** 2


def overall_readiness_sem2(sheet: Sheet, side: str) -> Score:
    """3: "sqrt(sum of SEM^2) / n", squared."""
    errors = [
        mean_sem2(len(sheet.ratings(*cell))) for cell in sheet.scored_cells if cell[1] == side
    ]
    return sum(errors, Fraction(0)) / len(errors) ** 2 if errors else None


def likely_range(score: Score, sem2: Score) -> dict[str, float | None]:
    """3: "score +- 1.2816 SEM (80 %)"."""
    if score is None or sem2 is None:
        return {"low": None, "high": None}
    reach = float(Z) * sqrt(sem2)
    return {"low": tidy(float(score) - reach), "high": tidy(float(score) + reach)}


def excludes_zero(score: Fraction, sem2: Fraction) -> bool:
    return score**2 > Z**2 * sem2


def lies_within(limit: Fraction, score: Fraction, sem2: Fraction) -> bool:
    room = limit - abs(score)
    return room >= 0 and Z**2 * sem2 <= room**2


# --- 4. Verdicts --------------------------------------------------------------------------------

READY = Fraction("2.5")


def side_of(score: Fraction) -> str:
    return "a" if score < 0 else "b"


def row_verdict(sheet: Sheet, dimension: str, level: str) -> str | None:
    """4: "Row (dimension, full form only)"; 5: "at low: ... no row verdicts"."""
    if not sheet.is_full or level == "low":
        return None
    score, sem2 = preference(sheet, dimension), preference_sem2(sheet, dimension)
    answered, asked = len(sheet.pair_values(dimension)), len(sheet.pairs_of(dimension))
    if score is None or sem2 is None or (answered == 1 and asked > 1):
        return "not_enough"
    if not excludes_zero(score, sem2):
        return "no_lean"
    return ("strong_" if abs(score) >= Fraction("1.5") else "leans_") + side_of(score)


def headline_verdict(sheet: Sheet, level: str) -> str:
    """4: "Headline, in this order"."""
    score, sem2 = overall_preference(sheet), overall_preference_sem2(sheet)
    enough = 100 * len(sheet.preferences) >= 70 * len(sheet.form_dimensions)
    if level == "low" or not enough or score is None or sem2 is None:
        return "none"
    if excludes_zero(score, sem2):
        return ("strong_" if abs(score) >= 1 else "leans_") + side_of(score)
    spread2 = spread_squared(sheet)
    if spread2 is not None and spread2 >= Fraction("0.8") ** 2:
        return "mixed"
    if sheet.is_full and lies_within(Fraction("0.4"), score, sem2):
        return "even"
    return "too_close"


def sureness(sheet: Sheet, headline: str) -> str | None:
    """4: "only with a lean = Phi(|overall| / (sqrt 2 SEM))"."""
    score, sem2 = overall_preference(sheet), overall_preference_sem2(sheet)
    if not leaning_side(headline) or score is None or sem2 is None:
        return None
    phi = NormalDist().cdf(abs(float(score)) / sqrt(2 * sem2))
    steps = ((0.975, "very"), (0.90, "quite"), (0.75, "fairly"))
    return next((word for cut, word in steps if phi >= cut), "not")


def leaning_side(headline: str) -> str | None:
    return headline[-1] if headline.startswith(("leans_", "strong_")) else None


def band(score: Score) -> str | None:
    """4: "< 1.5 New, < 2.5 Developing, < 3.5 Ready, Strong"."""
    if score is None:
        return None
    cuts = ((Fraction("1.5"), "new"), (Fraction("2.5"), "developing"), (Fraction("3.5"), "ready"))
    return next((word for cut, word in cuts if score < cut), "strong")


def dimension_pattern(sheet: Sheet, dimension: str) -> str:
    """4: "ready = R >= 2.5, by side"."""
    a, b = (readiness(sheet, dimension, side) for side in SIDES)
    if a is None or b is None:
        return "not_scored"
    names = {
        (True, True): "both",
        (True, False): "a_ready",
        (False, True): "b_ready",
        (False, False): "neither_yet",
    }
    return names[a >= READY, b >= READY]


def ready_probability(sheet: Sheet, side: str) -> float | None:
    """4: "p_a = Phi((R_a - 2.5)/SEM)"."""
    score, sem2 = overall_readiness(sheet, side), overall_readiness_sem2(sheet, side)
    if score is None or sem2 is None:
        return None
    return NormalDist(mu=float(READY), sigma=sqrt(sem2)).cdf(float(score))


def overall_pattern(sheet: Sheet) -> str:
    """4: "the largest is named only if >= .80 (J), else undecided"."""
    a, b = (ready_probability(sheet, side) for side in SIDES)
    if a is None or b is None:
        return "undecided"
    chance = {
        "both": a * b,
        "a_ready": a * (1 - b),
        "b_ready": (1 - a) * b,
        "neither_yet": (1 - a) * (1 - b),
    }
    # The four add up to 1, so at most one reaches .80.
    return next((name for name, p in chance.items() if p >= 0.80), "undecided")


def exceptions(sheet: Sheet, headline: str) -> list[str]:
    """Report: "up to three dimensions clearly against the overall lean"."""
    side = leaning_side(headline)
    if side is None or not sheet.is_full:
        return []
    against = [
        (key, score)
        for key, score in sheet.preferences.items()
        if side_of(score) != side
        and row_verdict(sheet, key, "high") not in ("no_lean", "not_enough")
    ]
    return [key for key, _ in sorted(against, key=lambda entry: -abs(entry[1]))][:3]


# --- 5. Answer quality --------------------------------------------------------------------------


def quality_flags(sheet: Sheet) -> dict[str, str]:
    """Code and level of every flag raised, in the order of the table."""
    levels = {
        "missing": missing(sheet),
        "speed": speed(sheet),
        "same_position": same_position(sheet),
        "contradiction": contradiction(sheet) if sheet.is_full else None,
        "yes_saying": yes_saying(sheet) if sheet.is_full else None,
        "flat": flat(sheet),
    }
    return {code: level for code, level in levels.items() if level is not None}


def quality_level(sheet: Sheet, flags: dict[str, str]) -> str:
    """5: "low with any low flag or two mediums, medium with one, else high"."""
    raised = list(flags.values())
    if "low" in raised or raised.count("medium") >= 2:
        return "low"
    if "medium" in raised or sheet.rules.get("quality_cap") == "medium":
        return "medium"
    return "high"


def missing(sheet: Sheet) -> str | None:
    """5: "over 20 % of the form unanswered"."""
    skipped = sum(sheet.answer(item) is None for item in sheet.items)
    return "low" if 100 * skipped > 20 * len(sheet.items) else None


def speed(sheet: Sheet) -> str | None:
    """5: "median under 2.0 s an answer; 2.0-3.0 s. Needs seconds; without them absent"."""
    timed = [sheet.seconds.get(item["key"]) for item in sheet.items]
    times = [seconds for seconds in timed if seconds is not None]
    if not times:
        return None
    middle = median(times)
    if middle < 2.0:
        return "low"
    return "medium" if middle < 3.0 else None


def screen_position(pair: Json, value: int | None) -> int | None:
    """0 (left) to 4 (right): where the taker clicked. Left is pole a: -2 is leftmost."""
    if value is None:
        return None
    return value + 2 if pair["left"]["pole"] == "a" else 2 - value


def same_position(sheet: Sheet) -> str | None:
    """5: "one non-middle screen position on 80 % or more of the pairs; or 10 consecutive"."""
    clicks = [screen_position(pair, sheet.answer(pair)) for pair in sheet.pairs]
    answered = [click for click in clicks if click is not None]
    if len(answered) < 5:
        return None
    for position in (0, 1, 3, 4):
        hits = "".join("x" if click == position else "." for click in clicks)
        if 100 * hits.count("x") >= 80 * len(answered):
            return "low"
        if "x" * 10 in hits:
            return "low"
    return None


def contradiction(sheet: Sheet) -> str | None:
    """5: "mean absolute difference between the two keyed pairs ... over at least 8 dimensions"."""
    both = [
        sheet.pair_values(key)
        for key in sheet.form_dimensions
        if len(sheet.pairs_of(key)) == 2 and len(sheet.pair_values(key)) == 2
    ]
    difference = mean([abs(first - second) for first, second in both])
    if len(both) < 8 or difference is None:
        return None
    if difference > Fraction("1.25"):
        return "low"
    return "medium" if difference > Fraction("1.05") else None


def yes_saying(sheet: Sheet) -> str | None:
    """5: "mean of all ratings >= 3.5 with SD < 0.6; ... exceed the scenario results by 1.75"."""
    ratings = [value for cell in sheet.cells() for value in sheet.ratings(*cell)]
    height, width2 = mean(ratings), variance(ratings)
    if height is None or width2 is None:
        return None
    if height < Fraction("3.5") or width2 >= Fraction("0.6") ** 2:
        return None
    excess = []
    for cell in sheet.cells():
        rating, fit = mean(sheet.ratings(*cell)), mean(sheet.fits(*cell))
        if rating is not None and fit is not None:
            excess.append(rating - 2 * fit)
    mean_excess = mean(excess)
    return "low" if mean_excess is not None and mean_excess >= Fraction("1.75") else "medium"


def flat(sheet: Sheet) -> str | None:
    """5: "|overall| < 0.35 and spread < 0.5"."""
    score, spread2 = overall_preference(sheet), spread_squared(sheet)
    if score is None or spread2 is None:
        return None
    return "own" if abs(score) < Fraction("0.35") and spread2 < Fraction("0.5") ** 2 else None


# --- 6. Roles -----------------------------------------------------------------------------------

# The needs, per target position: what is taken from N on side a and on side b; None: need 0.
LESS_THAN_N: dict[int, tuple[int | None, int | None]] = {
    -2: (0, None),
    -1: (0, 2),
    0: (1, 1),
    1: (2, 0),
    2: (None, 0),
}
FULL_NEED = {0: 0, 1: 2, 2: 3, 3: 3}


@dataclass(frozen=True)
class Fit:
    """Want and Can of one role, with the number of dimensions and cells they rest on."""

    key: str
    want: Score
    can: Score
    used_want: int
    used_can: int

    @property
    def overall(self) -> Score:
        return None if self.want is None or self.can is None else (self.want + self.can) / 2

    def ranked_by(self, rank_by: str) -> Score:
        """The ranking value; None for a role that is listed last."""
        if self.can is None:
            return None
        return self.want if rank_by == "want" else self.overall


def needed(target: Json, side: str) -> int:
    less = LESS_THAN_N[target["position"]][SIDES.index(side)]
    return 0 if less is None else max(0, FULL_NEED[target["weight"]] - less)


def share_kept(lost: Fraction, at_most: Fraction) -> Score:
    return 100 * (1 - lost / at_most) if at_most else None


def want_of(sheet: Sheet, targets: dict[str, Json]) -> tuple[Score, int]:
    """6: "100 (1 - sum of w |P-t| / (4 sum of w)) over dimensions with a preference"."""
    scored = {key: score for key, score in sheet.preferences.items() if key in targets}
    distance = Fraction(0)
    weight = Fraction(0)
    for key, score in scored.items():
        distance += targets[key]["weight"] * abs(score - targets[key]["position"])
        weight += targets[key]["weight"]
    return share_kept(distance, 4 * weight), len(scored)


def can_of(sheet: Sheet, targets: dict[str, Json]) -> tuple[Score, int]:
    """6: "100 (1 - sum of w gap / sum of w need) over cells with a readiness"."""
    scored = {cell: score for cell, score in sheet.scored_cells.items() if cell[0] in targets}
    gaps = Fraction(0)
    needs = Fraction(0)
    for (key, side), score in scored.items():
        need = needed(targets[key], side)
        gaps += targets[key]["weight"] * max(Fraction(0), need - score)
        needs += targets[key]["weight"] * need
    return share_kept(gaps, needs), len(scored)


def fit_of(sheet: Sheet, role: Json) -> Fit:
    want, used_want = want_of(sheet, role["targets"])
    can, used_can = can_of(sheet, role["targets"])
    return Fit(role["key"], want, can, used_want, used_can)


def ranking(
    sheet: Sheet, roles: list[Json], level: str, flags: dict[str, str]
) -> tuple[list[Fit], str]:
    """6: "rank_by: overall ...; want when the overall pattern is both"."""
    if level == "low" or "flat" in flags:
        return [], "none"
    rank_by = "want" if overall_pattern(sheet) == "both" else "overall"
    fits = [fit_of(sheet, role) for role in roles]
    ranked: list[tuple[Fraction, Fit]] = []
    last: list[Fit] = []
    for fit in fits:
        value = fit.ranked_by(rank_by)
        if value is None:
            last.append(fit)
        else:
            ranked.append((value, fit))
    # Sorting is stable: ties keep the document's order.
    return [fit for _, fit in sorted(ranked, key=lambda entry: -entry[0])] + last, rank_by


def equally_close(ranked: list[Fit], rank_by: str) -> list[str]:
    """6: "Roles within 5 points of the first are named together as equally close"."""
    best = ranked[0].ranked_by(rank_by) if ranked else None
    if best is None:
        return []
    close = []
    for fit in ranked:
        value = fit.ranked_by(rank_by)
        if value is not None and best - value <= 5:
            close.append(fit.key)
    return close if len(close) > 1 else []


# --- Writing ------------------------------------------------------------------------------------


def tidy(number: float) -> float:
    """Six decimals, and no negative zero."""
    return round(number, 6) + 0.0


def written(score: Score) -> float | None:
    return None if score is None else tidy(float(score))


def written_root(square: Score) -> float | None:
    return None if square is None else tidy(sqrt(square))


def overall_readiness_entry(sheet: Sheet, side: str) -> Json:
    score = overall_readiness(sheet, side)
    return {
        "mean": written(score),
        **likely_range(score, overall_readiness_sem2(sheet, side)),
        "band": band(score),
    }


def dimension_entry(sheet: Sheet, key: str, level: str) -> Json:
    a, b = (readiness(sheet, key, side) for side in SIDES)
    return {
        "key": key,
        "preference": written(preference(sheet, key)),
        **likely_range(preference(sheet, key), preference_sem2(sheet, key)),
        "verdict": row_verdict(sheet, key, level),
        "readiness_a": written(a),
        "readiness_a_band": band(a),
        "readiness_b": written(b),
        "readiness_b_band": band(b),
        "pattern": dimension_pattern(sheet, key),
    }


def role_entry(fit: Fit) -> Json:
    return {
        "key": fit.key,
        "want": written(fit.want),
        "can": written(fit.can),
        "overall": written(fit.overall),
        "used_want": fit.used_want,
        "used_can": fit.used_can,
    }
