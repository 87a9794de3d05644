"""A full-size questionnaire that stands in for the shipped one, and others of any size.

Its dimensions, counts and role targets are those of the shipped questionnaire; its texts say
nothing. So the tests of scoring do not change when a question is reworded.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from assessments.instrument.document import Questionnaire

CLUSTER_OF = {
    "customer-understanding": "customers",
    "equal-treatment": "customers",
    "user-buyer": "customers",
    "acquisition-retention": "customers",
    "team-size": "people",
    "stakeholders": "people",
    "feature-focus": "product",
    "platforms": "product",
    "dogfooding": "product",
    "design": "product",
    "documentation": "product",
    "metrics": "outcomes",
    "risk-responsibility": "outcomes",
    "time-horizon": "outcomes",
}
HALF_WEIGHT = {"team-size", "platforms", "dogfooding"}
SETTING_OF = {
    "customer-understanding": "a",
    "acquisition-retention": "a",
    "metrics": "a",
    "equal-treatment": "b",
    "stakeholders": "b",
    "design": "b",
    "risk-responsibility": "mixed",
    "time-horizon": "mixed",
}
SHORT_PAIRS = (
    "customer-understanding",
    "user-buyer",
    "stakeholders",
    "feature-focus",
    "metrics",
    "risk-responsibility",
    "time-horizon",
)
SHORT_RATINGS = ("acquisition-retention", "stakeholders", "design", "metrics")

ROLE_KEYS = (
    "consumer-growth",
    "consumer-core",
    "consumer-marketplace-fintech",
    "b2b-enterprise-saas",
    "plg-saas",
    "developer-platform-api",
    "b2b2c-partner",
    "internal-platform",
    "early-stage-generalist",
    "b2b-regulated-vertical",
)
TARGETS = """
customer-understanding -2/3  -2/3  -1/3  +2/3   0/3  +1/3   0/3  +2/3  +1/3  +2/3
equal-treatment        -2/2  -2/2  -1/2  +2/3   0/2  +1/2  +1/3  +1/2   0/1  +1/2
user-buyer             -2/1  -2/1   0/2  +2/3   0/2  +1/2  +2/3  +1/1   0/2  +2/3
acquisition-retention  -2/3  -1/2  -1/3  +2/2   0/3  +1/2   0/2  +1/1   0/2  +2/1
team-size              -1/1  -1/1  -1/1  +1/1  +1/1  +1/1   0/1  +1/1  +2/3  +1/1
stakeholders           -1/2  -2/2  -1/2  +2/3   0/2  +1/2  +1/3  +1/3   0/2  +2/3
feature-focus          -2/2  -1/2  -1/1  +1/2  +1/2  +2/2   0/1  +2/2  +2/3  +2/3
platforms              -2/2  -2/3  -2/2  +1/1  +1/2  +2/2   0/2  +1/2   0/1  +1/2
dogfooding             -1/1  -2/2  -1/1  +1/1  -1/2   0/2  -1/1  -2/2  -1/2  +2/2
design                 -2/2  -2/3  -1/2  +1/2   0/3  +1/1  -1/2  +2/2   0/2  +2/2
documentation          -2/0  -2/1  -1/1  +1/2  +1/2  +2/3  +1/2  +2/3   0/1  +2/3
metrics                -2/3  -2/2  -1/3  +2/3   0/3  +1/3   0/3  +1/2   0/2  +1/2
risk-responsibility    -1/1  -1/2  +1/3  +2/2  +1/2  +2/3  +2/3  +2/3  -1/2  +2/3
time-horizon           -2/3  -1/1   0/2  +2/3   0/2  +2/2  +1/2  +1/2  -2/2  +2/3
"""

FITS = ((2, 0), (0, 2), (1, 1), (0, 0))
"""What the four options of every scenario, "one" to "four", are worth on side a and side b."""

OPTION_KEYS = ("one", "two", "three", "four")


def pair(dimension: str, number: int) -> dict[str, Any]:
    """An odd one shows pole a on the left, an even one pole b."""
    left, right = ("a", "b") if number % 2 else ("b", "a")
    return {
        "key": f"{dimension}-pair-{number}",
        "kind": "pair",
        "dimension": dimension,
        "left": {"pole": left, "text": "Left"},
        "right": {"pole": right, "text": "Right"},
        "source_refs": ["1"],
    }


def rating(dimension: str, side: str, number: int = 1) -> dict[str, Any]:
    suffix = "" if number == 1 else f"-{number}"
    return {
        "key": f"{dimension}-rating-{side}{suffix}",
        "kind": "rating",
        "dimension": dimension,
        "side": side,
        "text": "Done it",
        "source_refs": ["1"],
    }


def scenario(dimension: str, setting: str, number: int = 1) -> dict[str, Any]:
    suffix = "" if number == 1 else f"-{number}"
    return {
        "key": f"{dimension}-scenario{suffix}",
        "kind": "scenario",
        "dimension": dimension,
        "setting": setting,
        "text": "It happens",
        "question": "What first?",
        "options": [
            {"key": key, "text": "This", "fit_a": fit_a, "fit_b": fit_b}
            for key, (fit_a, fit_b) in zip(OPTION_KEYS, FITS, strict=True)
        ],
        "source_refs": ["1"],
    }


def form(
    key: str, items: Sequence[str], *, rows: bool = True, quality_cap: str | None = None
) -> dict[str, Any]:
    return {
        "key": key,
        "title": key,
        "sections": [{"title": "All", "items": list(items)}],
        "rules": {
            "pairs_per_dimension": 2,
            "ratings_per_side": 1,
            "scenarios": {"a": 0, "b": 0, "mixed": 0},
            "minutes_max": 12,
            "rows": rows,
            "quality_cap": quality_cap,
        },
    }


def role(key: str, targets: Mapping[str, tuple[int, int]]) -> dict[str, Any]:
    """`targets` are (position, weight) by dimension."""
    return {
        "key": key,
        "name": key,
        "gloss": "A role",
        "rationale": "So it is",
        "targets": {
            dimension: {"position": position, "weight": weight}
            for dimension, (position, weight) in targets.items()
        },
        "status": "expert draft",
    }


def questionnaire(
    dimensions: Sequence[str],
    items: Sequence[Mapping[str, Any]],
    *,
    forms: Sequence[Mapping[str, Any]] | None = None,
    roles: Sequence[Mapping[str, Any]] = (),
) -> Questionnaire:
    """A document of these parts; without `forms` one form, "full", of all items in order."""
    content = {
        "schema": "questionnaire/1",
        "slug": "stand-in",
        "title": "Stand-in",
        "language": "en",
        "licence": "None",
        "sources": [{"ref": "1", "title": "Somebody"}],
        "glossary": [],
        "poles": {
            "a": {"name": "A", "long_name": "Side A", "colour": "orange"},
            "b": {"name": "B", "long_name": "Side B", "colour": "blue"},
        },
        "stems": {"pair": "Which?", "rating": "How far?"},
        "anchors": {
            "pair": ["Much left", "Left", "Neither", "Right", "Much right"],
            "rating": [{"value": n, "label": f"{n}", "text": f"{n}"} for n in range(5)],
        },
        "background": [],
        "clusters": [
            {"key": key, "name": key, "texts": dict.fromkeys(PATTERN_TEXTS, "Text")}
            for key in dict.fromkeys(CLUSTER_OF.get(d, "other") for d in dimensions)
        ],
        "dimensions": [_dimension(key) for key in dimensions],
        "items": list(items),
        "forms": forms or [form("full", [item["key"] for item in items])],
        "roles": list(roles),
        "study": {"step_hours": [2, 4, 6], "tie_order": list(dimensions)},
    }
    return Questionnaire.model_validate_json(json.dumps(content))


PATTERN_TEXTS = ("a_ready", "b_ready", "both", "neither_yet")


def _dimension(key: str) -> dict[str, Any]:
    return {
        "key": key,
        "name": key,
        "cluster": CLUSTER_OF.get(key, "other"),
        "definition": "What it is",
        "pole_a": "Like this",
        "pole_b": "Like that",
        "short_a": "This",
        "short_b": "That",
        "half_weight": key in HALF_WEIGHT,
        "texts": dict.fromkeys(("leans_a", "leans_b", "both", "neither_yet"), "Text"),
        "mistakes": [],
        "interview": {"a": [], "b": []},
        "source_refs": ["1"],
    }


def _roles() -> list[dict[str, Any]]:
    targets: dict[str, dict[str, tuple[int, int]]] = {key: {} for key in ROLE_KEYS}
    for line in TARGETS.strip().splitlines():
        dimension, *cells = line.split()
        for key, cell in zip(ROLE_KEYS, cells, strict=True):
            position, weight = cell.split("/")
            targets[key][dimension] = (int(position), int(weight))
    return [role(key, targets[key]) for key in ROLE_KEYS]


@cache
def full_size() -> Questionnaire:
    """14 dimensions, 28 pairs, 28 ratings, 8 scenarios, ten roles, a full and a short form."""
    # Of the first pairs every second shows pole a on the left, so no orientation runs on.
    first = [pair(key, 1 + index % 2) for index, key in enumerate(CLUSTER_OF)]
    second = [pair(key, 2 - index % 2) for index, key in enumerate(CLUSTER_OF)]
    ratings = [rating(key, side) for side in "ab" for key in CLUSTER_OF]
    scenarios = [scenario(key, setting) for key, setting in SETTING_OF.items()]
    items = [*first, *second, *ratings, *scenarios]
    short = [item["key"] for item in first if item["dimension"] in SHORT_PAIRS]
    short += [f"{key}-rating-{side}" for side in "ab" for key in SHORT_RATINGS]
    forms = [
        form("full", [item["key"] for item in items]),
        form("short", short, rows=False, quality_cap="medium"),
    ]
    return questionnaire(tuple(CLUSTER_OF), items, forms=forms, roles=_roles())


def mirrored(document: Questionnaire) -> Questionnaire:
    """The same questionnaire with its two sides changed over; what is on screen stays."""
    content = document.model_dump(mode="json", by_alias=True)
    other = {"a": "b", "b": "a", "mixed": "mixed"}
    for item in content["items"]:
        if item["kind"] == "pair":
            for end in ("left", "right"):
                item[end]["pole"] = other[item[end]["pole"]]
        elif item["kind"] == "rating":
            item["side"] = other[item["side"]]
        else:
            item["setting"] = other[item["setting"]]
            for option in item["options"]:
                option["fit_a"], option["fit_b"] = option["fit_b"], option["fit_a"]
    for role_ in content["roles"]:
        for target in role_["targets"].values():
            target["position"] *= -1
    return Questionnaire.model_validate_json(json.dumps(content))
