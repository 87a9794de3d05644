"""A small valid questionnaire about something else: four dimensions, makers and managers.

What works with it does not know what the shipped questionnaire is about.
"""

from __future__ import annotations

from typing import Any

from assessments.instrument.document import Questionnaire
from assessments.instrument.files import read_data

Data = Any
"""A document as dicts and lists, to change before it is read."""


def small(data: Data | None = None) -> Questionnaire:
    """The small questionnaire, or what a test made of it."""
    return read_data(small_data() if data is None else data)


def small_data() -> Data:
    """The small questionnaire as fresh dicts and lists."""
    return {
        "schema": "questionnaire/1",
        "slug": "maker-manager",
        "title": "Making or managing",
        "language": "en",
        "licence": "CC0",
        "sources": [
            {"ref": "1.1", "title": "Essay, first part"},
            {"ref": "1.10", "title": "Essay, tenth part"},
        ],
        "glossary": [{"term": "Draft", "gloss": "A first version that others may look at."}],
        "poles": {
            "a": {"name": "Maker", "long_name": "Making things", "colour": "teal"},
            "b": {"name": "Manager", "long_name": "Leading people", "colour": "purple"},
        },
        "stems": {"pair": "Which would you rather do?", "rating": "How far have you done this?"},
        "anchors": {
            "pair": ["Much more", "A bit more", "Both equally", "A bit more", "Much more"],
            "rating": [
                {"value": value, "label": label, "text": f"{label}, in my own words."}
                for value, label in enumerate(["Not yet", "Know it", "Helped", "Did it", "Led it"])
            ],
        },
        "background": [
            {
                "key": "hours",
                "text": "How many hours a week do you have?",
                "options": [{"key": "2", "text": "Two"}, {"key": "4", "text": "Four"}],
                "sets": "hours",
            },
            {
                "key": "years",
                "text": "How long have you worked?",
                "options": [{"key": "new", "text": "I am new"}, {"key": "long", "text": "Long"}],
            },
        ],
        "clusters": [
            _cluster("day", "The working day"),
            _cluster("path", "The longer path"),
        ],
        "dimensions": [
            _dimension("time", "day", "Blocks of time"),
            _dimension("feedback", "day", "Remarks"),
            _dimension("choices", "path", "Choices", half_weight=True, guide="choices"),
            _dimension("growth", "path", "Growth"),
        ],
        "items": _pairs() + _ratings() + _scenarios(),
        "forms": [
            {
                "key": "full",
                "title": "Everything",
                "sections": [
                    {
                        "title": "What you like",
                        "items": ["time-1", "feedback-1", "choices-1", "growth-1", "time-s"],
                    },
                    {
                        "title": "What else you like",
                        "items": ["time-2", "feedback-2", "choices-2", "growth-2", "feedback-s"],
                    },
                    {
                        "title": "What you have done",
                        "items": ["time-a", "feedback-b", "time-b", "feedback-a", "choices-s"],
                    },
                    {
                        "title": "What else you have done",
                        "items": ["choices-a", "growth-b", "choices-b", "growth-a", "growth-s"],
                    },
                ],
                "rules": {
                    "pairs_per_dimension": 2,
                    "ratings_per_side": 1,
                    "scenarios": {"a": 1, "b": 1, "mixed": 2},
                    "minutes_max": 5,
                    "rows": True,
                },
            },
            {
                "key": "short",
                "title": "A first look",
                "sections": [
                    {"title": "What you like", "items": ["time-1", "choices-1", "growth-2"]},
                    {
                        "title": "What you have done",
                        "items": ["feedback-a", "choices-b", "feedback-b", "choices-a"],
                    },
                ],
                "rules": {
                    "pairs_per_dimension": 1,
                    "ratings_per_side": 1,
                    "scenarios": {"a": 0, "b": 0, "mixed": 0},
                    "minutes_max": 2,
                    "rows": False,
                    "quality_cap": "medium",
                },
            },
        ],
        "roles": [
            _role("specialist", "Specialist", near="lead", positions=(-2, -1, -1, -2)),
            _role("lead", "Team lead", near="specialist", positions=(2, 2, 1, 0)),
        ],
        "study": {
            "resources": [
                {
                    "key": "R01",
                    "kind": "article",
                    "title": "On the maker's schedule",
                    "author": "A. Writer",
                    "year": 2009,
                    "url": "https://example.org/schedule",
                    "note": "About whole mornings.",
                },
                {
                    "key": "B01",
                    "kind": "book",
                    "title": "Leading: a start",
                    "author": "B. Author",
                    "note": "Chapter 1.",
                },
            ],
            "recommendations": [
                {
                    "key": "start",
                    "kind": "C",
                    "level_from": 0,
                    "level_to": 1,
                    "hours": 2,
                    "title": "Read both sides",
                    "text": "Read both and note\nwhat surprises you.",
                    "done_when": "You have five notes.",
                    "resources": ["R01", "B01"],
                },
                {
                    "key": "talks",
                    "kind": "E",
                    "dimension": "time",
                    "side": "b",
                    "level_from": 1,
                    "level_to": 2,
                    "hours": 4,
                    "title": "Short talks",
                    "text": "Hold a short talk with three people.",
                    "done_when": "Each told you one wish.",
                    "source_refs": ["1.10"],
                    "role": "lead",
                },
                *_library(),
            ],
            "foundation": ["start"],
            "groundwork": ["start"],
            "closing": ["start"],
            "step_hours": [2, 4, 6],
            "tie_order": ["time", "growth", "choices", "feedback"],
        },
    }


def _library() -> list[Data]:
    """Something to read, to do, to say and to try at work, for each dimension and side."""
    kinds = [("C", 0, 2), ("E", 1, 3), ("I", 1, 1), ("W", 2, 6)]
    return [
        {
            "key": f"{dimension}-{side}-{kind.lower()}",
            "kind": kind,
            "dimension": dimension,
            "side": side,
            "level_from": level,
            "level_to": level + 1,
            "hours": hours,
            "title": f"Step {kind}",
            "text": "Try it with one person.",
            "done_when": "You can tell how it went.",
        }
        for dimension in ("time", "feedback", "choices", "growth")
        for side in ("a", "b")
        for kind, level, hours in kinds
    ]


def _cluster(key: str, name: str) -> Data:
    texts = {
        "a_ready": "You can make.",
        "b_ready": "You can lead.",
        "both": "You can do both.",
        "neither_yet": "Start with either.",
    }
    return {"key": key, "name": name, "texts": texts}


def _dimension(key: str, cluster: str, name: str, **more: object) -> Data:
    return {
        "key": key,
        "name": name,
        "cluster": cluster,
        "definition": f"{name}: for making, or for people.",
        "pole_a": "Alone with the work.",
        "pole_b": "Among people.",
        "short_a": "Work",
        "short_b": "People",
        **more,
        "texts": {
            "leans_a": "You like the work.",
            "leans_b": "You like the people.",
            "both": "You can do both.",
            "neither_yet": "Try one of them.",
        },
        "mistakes": [
            {"bad": "Doing both at once.", "good": "Doing one at a time."},
            {"bad": "Talking all day.", "good": "Talking till noon.", "side": "b"},
        ],
        "interview": {"a": ["What did you make?"], "b": ["Whom did you help?"]},
        "source_refs": ["1.1", "1.10"],
    }


def _pairs() -> list[Data]:
    return [
        _pair(
            "time-1",
            ("a", "I enjoy a whole morning with one piece of work."),
            ("b", "I enjoy a whole morning of talks with people."),
        ),
        _pair(
            "feedback-1",
            ("b", "Giving remarks on what somebody shows me."),
            ("a", "Getting remarks on what I show somebody."),
        ),
        _pair(
            "choices-1",
            ("b", "Choosing who takes on a task in the team."),
            ("a", "Choosing the tool for a task of my own."),
        ),
        _pair(
            "growth-1",
            ("a", "Learning a craft from its first steps."),
            ("b", "Watching a colleague take their first steps."),
        ),
        _pair(
            "time-2",
            ("b", "Seeing five people move on after a short talk."),
            ("a", "Seeing one hard part work after a long day."),
        ),
        _pair(
            "feedback-2",
            ("a", "I enjoy hearing how my draft could be clearer."),
            ("b", "I enjoy finding words that help someone's draft."),
        ),
        _pair(
            "choices-2",
            ("a", "I like settling the details of a design."),
            ("b", "I like settling the order of our work."),
        ),
        _pair(
            "growth-2",
            ("b", "Noticing that the team gets faster each month."),
            ("a", "Noticing that my own hand gets surer."),
        ),
    ]


def _pair(key: str, left: tuple[str, str], right: tuple[str, str]) -> Data:
    return {
        "key": key,
        "kind": "pair",
        "dimension": key[:-2],
        "left": {"pole": left[0], "text": left[1]},
        "right": {"pole": right[0], "text": right[1]},
        "source_refs": ["1.1"],
    }


def _ratings() -> list[Data]:
    texts = {
        "time-a": "Kept a half day a week free for making.",
        "time-b": "Held a short talk with each colleague for a month.",
        "feedback-a": "Asked for remarks on a draft and used them.",
        "feedback-b": "Wrote remarks that changed somebody's plan.",
        "choices-a": "Compared two methods for a task and chose one.",
        "choices-b": "Shared out a week of work among several people.",
        "growth-a": "Taught myself a method for real work.",
        "growth-b": "Planned with a colleague what they would learn next.",
    }
    return [
        {
            "key": key,
            "kind": "rating",
            "dimension": key[:-2],
            "side": key[-1],
            "text": text,
            "source_refs": ["1.10"],
        }
        for key, text in texts.items()
    ]


def _scenarios() -> list[Data]:
    return [
        _scenario(
            "time-s",
            "a",
            "A hard part needs two days and your week is full of meetings.",
            ("Move three meetings to next week", 2, 1),
            ("Work on it between meetings", 1, 1),
            ("Give the part to a colleague", 0, 2),
            ("Ask for a later date", 1, 1),
        ),
        _scenario(
            "feedback-s",
            "b",
            "A colleague shows you a plan with a gap in the middle.",
            ("Fill the gap yourself", 2, 0),
            ("Ask what the middle should do", 1, 2),
            ("Name the gap and wait", 1, 1),
            ("Show them a plan of yours", 1, 1),
        ),
        _scenario(
            "choices-s",
            "mixed",
            "Two people want the same task and the tool for it is new.",
            ("Try the tool on your own", 1, 0),
            ("Let them draw lots", 0, 1),
            ("Have both try the tool together", 2, 2),
            ("Split the task between them", 1, 1),
        ),
        _scenario(
            "growth-s",
            "mixed",
            "You have one free day a month for something new.",
            ("Read about a method", 1, 0),
            ("Visit another team", 1, 1),
            ("Write down what you know", 0, 1),
            ("Build something with a beginner", 2, 2),
        ),
    ]


def _scenario(key: str, setting: str, text: str, *options: tuple[str, int, int]) -> Data:
    return {
        "key": key,
        "kind": "scenario",
        "dimension": key[:-2],
        "setting": setting,
        "text": text,
        "question": "What would you do first?",
        "options": [
            {"key": letter, "text": words, "fit_a": fit_a, "fit_b": fit_b}
            for letter, (words, fit_a, fit_b) in zip("wxyz", options, strict=True)
        ],
        "source_refs": ["1.1", "1.10"],
    }


def _role(key: str, name: str, near: str, positions: tuple[int, int, int, int]) -> Data:
    dimensions = ("time", "feedback", "choices", "growth")
    return {
        "key": key,
        "name": name,
        "gloss": f"{name}, in a small workshop.",
        "rationale": "Workshops need both.",
        "targets": {
            dimension: {"position": position, "weight": 1 + abs(position)}
            for dimension, position in zip(dimensions, positions, strict=True)
        },
        "near": [{"role": near, "tells_apart": "Whom the day belongs to."}],
        "status": "expert draft",
    }
