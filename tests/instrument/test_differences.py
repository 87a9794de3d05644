"""What differs between two documents, thing by thing, whatever state they are in."""

from __future__ import annotations

import copy
import json
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assessments.instrument.differences import Difference, differences
from assessments.instrument.files import read_yaml
from tests.instrument.small import small_data

SHIPPED = Path(__file__).parents[2] / "assessments" / "content" / "pm-b2b-b2c.yaml"
DOCUMENT = read_yaml(SHIPPED.read_text(encoding="utf-8"))
PLAIN = DOCUMENT.model_dump(mode="json", by_alias=True, exclude_defaults=True)
NAMES = {"ref", "term", "role", "key"}
"""What things are known by; another is another thing."""
ROWS = {"sources": "ref", "glossary": "term", "near": "role", "sections": "title"}
ITEMS = {item["key"]: index for index, item in enumerate(small_data()["items"])}


def changed(*edits):
    """What differs between the small questionnaire and one with these edits."""
    data = small_data()
    for edit in edits:
        edit(data)
    return [
        (".".join(d.part), d.field, d.kind, d.before, d.after)
        for d in differences(small_data(), data)
    ]


def leaves(value, path=()):
    """The path of every scalar that is not what something is known by."""
    if isinstance(value, dict):
        return [leaf for key, one in value.items() for leaf in leaves(one, (*path, key))]
    if isinstance(value, list):
        return [leaf for n, one in enumerate(value) for leaf in leaves(one, (*path, n))]
    is_name = path[-1] in NAMES and isinstance(path[-2], int)
    is_role_of_a_step = path[-1] == "role" and path[1] == "recommendations"
    return [] if is_name and not is_role_of_a_step else [path]


DRAFT = copy.deepcopy(PLAIN)
LEAVES = leaves(PLAIN)


def named(path):
    """The part and the field that a path of the shipped document leads to."""
    steps, value = [], PLAIN
    for n, step in enumerate(path):
        label = str(step)
        if isinstance(step, int):
            row = value[step]
            name = row.get(ROWS.get(path[n - 1], "key")) if isinstance(row, dict) else None
            label = name or str(step + 1)
        steps.append(label)
        value = value[step]
    is_row = isinstance(value, str | int) and len(path) > 1
    if path[0] == "study":
        parts = 3 if is_row and path[1] in ("recommendations", "resources") else 1
    else:
        parts = 2 if isinstance(PLAIN[path[0]], list) else 0
    return tuple(steps[:parts]) or ("questionnaire",), ".".join(steps[parts:])


def put(data, path, value):
    for step in path[:-1]:
        data = data[step]
    before, data[path[-1]] = data[path[-1]], value
    return before


def assert_told_once(path):
    value = put(DRAFT, path, None)
    other = not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else "?"
    put(DRAFT, path, other)
    part, field = named(path)
    if path[-1] == "title" and path[-3:-2] == ("sections",):
        field = "sections.?.title"

    assert differences(PLAIN, DRAFT) == (Difference(part, field, "changed", value, other),)
    put(DRAFT, path, value)


@given(st.sampled_from(LEAVES))
@settings(max_examples=25, deadline=None)
def test_one_value_of_the_shipped_document_is_one_difference_at_its_place(path):
    assert_told_once(path)


@pytest.mark.soak
def test_each_value_of_the_shipped_document_is_one_difference_at_its_place():
    for path in LEAVES:
        assert_told_once(path)


def test_every_kind_of_place_is_among_them():
    assert {named(path)[0][:-1] for path in LEAVES} == {
        (),
        ("sources",),
        ("glossary",),
        ("background",),
        ("clusters",),
        ("dimensions",),
        ("items",),
        ("forms",),
        ("roles",),
        ("study", "resources"),
        ("study", "recommendations"),
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["key", "title", "items", "sections", "role", "near", "text"]), inner
        )
    ),
    max_leaves=20,
)
TOP = st.sampled_from(["schema", "title", "items", "forms", "roles", "study", "poles", "sources"])
DOCUMENTS = st.dictionaries(TOP, JSON)


@given(DOCUMENTS | JSON)
@settings(max_examples=12)
def test_nothing_differs_from_itself(data):
    assert differences(data, copy.deepcopy(data)) == ()


@given(DOCUMENTS, DOCUMENTS)
@settings(max_examples=40)
def test_whatever_differs_is_told_as_json_and_comes_back(before, after):
    found = differences(before, after)

    data = json.loads(json.dumps([difference.to_data() for difference in found]))
    assert tuple(map(Difference.from_data, data)) == found


@given(DOCUMENTS, DOCUMENTS)
@example({}, {"study": {}})
@settings(max_examples=40)
def test_only_what_holds_nothing_is_taken_for_equal(before, after):
    first, second = _held(before), _held(after)
    # Of a study each part is told by itself: one without any is as good as none.
    if all(isinstance(one.get("study", {}), dict | None) for one in (before, after)):
        first, second = ({**one, "study": one.get("study", {})} for one in (first, second))
    assert bool(differences(before, after)) == (first != second)


def _held(value):
    """The value with its type, without what is None or an empty list where a key may be missing.

    Lists of nothing and documents of nothing are as good as not there.
    """
    if isinstance(value, dict):
        held = {key: _held(one) for key, one in value.items()}
        return {key: one for key, one in held.items() if one is not None}
    if isinstance(value, list):
        return [_held(one) for one in value] or None
    return None if value is None else (type(value), value)


@given(st.sampled_from(leaves(small_data())), st.data())
@settings(max_examples=40)
def test_a_desk_with_holes_is_compared(path, data):
    broken = small_data()
    put(broken, path[: data.draw(st.integers(1, len(path)))], data.draw(JSON))

    differences(small_data(), broken)
    differences(broken, small_data())
    assert differences(broken, copy.deepcopy(broken)) == ()


@pytest.mark.parametrize("value", [None, "", 5, [], {}, [[]], ["text"], {"a": 1}])
def test_a_part_of_the_wrong_kind_is_compared(value):
    whole = small_data()
    for name in whole:
        differences(whole, {**whole, name: value})
        differences({**whole, name: value}, whole)
    differences(value, whole)


def test_tuples_are_lists():
    assert differences(PLAIN, DOCUMENT.model_dump(by_alias=True, exclude_defaults=True)) == ()


def test_true_is_not_one():
    assert differences({"title": 1}, {"title": True}) == (
        Difference(("questionnaire",), "title", "changed", 1, True),
    )


def test_a_moved_thing_is_moved_and_not_changed():
    def move(data):
        data["items"].insert(0, data["items"].pop(7))

    assert changed(move) == [("items.growth-2", "", "moved", 8, 1)]


def test_a_moved_thing_may_be_changed_as_well():
    def move(data):
        item = data["items"].pop(7)
        data["items"].insert(0, item)
        item["left"]["text"] = "Other."

    assert changed(move) == [
        ("items.growth-2", "", "moved", 8, 1),
        (
            "items.growth-2",
            "left.text",
            "changed",
            "Noticing that the team gets faster each month.",
            "Other.",
        ),
    ]


def test_new_and_removed_things_are_told_whole():
    new = {"key": "x", "kind": "rating"}

    def swap(data):
        del data["study"]["resources"][1]
        data["items"].insert(3, new)

    _, book = small_data()["study"]["resources"]
    assert changed(swap) == [
        ("items.x", "", "added", None, new),
        ("study.resources.B01", "", "removed", book, None),
    ]


def test_another_key_is_another_thing():
    def rename(data):
        data["items"][0]["key"] = "time-9"

    assert [row[:3] for row in changed(rename)] == [
        ("items.time-1", "", "removed"),
        ("items.time-9", "", "added"),
    ]


@pytest.mark.parametrize(
    ("edit", "difference"),
    [
        (
            lambda data: data["items"][16]["options"][1].update(fit_a=2),
            ("items.time-s", "options.x.fit_a", "changed", 1, 2),
        ),
        (
            lambda data: data["items"][16]["options"].reverse(),
            ("items.time-s", "options.z", "moved", 4, 1),
        ),
        (
            lambda data: data["roles"][0]["targets"].pop("time"),
            ("roles.specialist", "targets.time", "removed", {"position": -2, "weight": 3}, None),
        ),
        (
            lambda data: data["roles"][0]["near"][0].update(tells_apart="Other."),
            (
                "roles.specialist",
                "near.lead.tells_apart",
                "changed",
                "Whom the day belongs to.",
                "Other.",
            ),
        ),
        (
            lambda data: data["dimensions"][0]["source_refs"].append("2"),
            ("dimensions.time", "source_refs.2", "added", None, "2"),
        ),
        (
            lambda data: data["dimensions"][0]["interview"]["a"].clear(),
            (
                "dimensions.time",
                "interview.a.What did you make?",
                "removed",
                "What did you make?",
                None,
            ),
        ),
        (
            lambda data: data["dimensions"][0]["mistakes"].reverse(),
            ("dimensions.time", "mistakes.1", "moved", 2, 1),
        ),
        (
            lambda data: data["dimensions"][0].update(half_weight=True),
            ("dimensions.time", "half_weight", "added", None, True),
        ),
        (
            lambda data: data["anchors"]["pair"].__setitem__(3, "Somewhat more"),
            ("questionnaire", "anchors.pair.4", "changed", "A bit more", "Somewhat more"),
        ),
        (
            lambda data: data["study"]["foundation"].append("talks"),
            ("study", "foundation.talks", "added", None, "talks"),
        ),
        (
            lambda data: data["study"]["tie_order"].insert(0, data["study"]["tie_order"].pop()),
            ("study", "tie_order.feedback", "moved", 4, 1),
        ),
        (
            lambda data: data.update(study="?"),
            ("study", "", "changed", small_data()["study"], "?"),
        ),
        (
            lambda data: data.update(roles="?"),
            ("roles", "", "changed", small_data()["roles"], "?"),
        ),
    ],
)
def test_a_change_is_told_where_people_look_for_it(edit, difference):
    assert changed(edit)[0] == difference


def test_a_long_text_is_called_by_its_place():
    def ask(data):
        data["dimensions"][0]["interview"]["a"].append("Why? " * 20)

    assert changed(ask)[0][1] == "interview.a.2"


def test_a_renamed_section_is_one_line():
    def rename(data):
        data["forms"][0]["sections"][1]["title"] = "Other"

    assert changed(rename) == [
        ("forms.full", "sections.Other.title", "changed", "What else you like", "Other")
    ]


def test_two_sections_that_exchange_titles_are_known_by_their_titles():
    def exchange(data):
        one, two = data["forms"][1]["sections"]
        one["title"], two["title"] = two["title"], one["title"]

    assert {row[2] for row in changed(exchange)} == {"moved"}


def test_an_item_that_goes_to_another_section_is_moved():
    def move(data):
        first, second, *_ = data["forms"][0]["sections"]
        first["title"] = "Renamed"
        second["items"].append(first["items"].pop(1))

    assert changed(move) == [
        (
            "forms.full",
            "sections.What else you like.items.feedback-1",
            "moved",
            "What you like",
            "What else you like",
        ),
        ("forms.full", "sections.Renamed.title", "changed", "What you like", "Renamed"),
    ]


def test_a_new_section_and_one_that_is_gone_are_told_whole():
    def replace(data):
        sections = data["forms"][1]["sections"]
        sections[0] = {"title": "New", "items": ["time-2"]}

    assert [row[1:3] for row in changed(replace)] == [
        ("sections.What you like", "removed"),
        ("sections.New", "added"),
    ]


def test_a_section_that_goes_elsewhere_is_moved_as_a_whole():
    def move(data):
        data["forms"][0]["sections"].append(data["forms"][0]["sections"].pop(0))

    assert changed(move) == [("forms.full", "sections.What you like", "moved", 1, 4)]


def test_the_items_of_a_section_are_told_by_their_places_there():
    def mend(data):
        items = data["forms"][0]["sections"][0]["items"]
        items[3:] = ["other", "new", "time-s"]

    where = "sections.What you like.items."
    assert [row[1:] for row in changed(mend)] == [
        (where + "4", "changed", "growth-1", "other"),
        (where + "new", "added", None, "new"),
    ]


def test_comparing_takes_no_more_than_ten_times_as_long_as_copying():
    turned = {k: v[::-1] if isinstance(v, list) else v for k, v in PLAIN.items()}

    copying = min(processor_time(copy.deepcopy, PLAIN) for _ in range(3))
    for other in (DRAFT, turned, {}):
        assert min(processor_time(differences, PLAIN, other) for _ in range(3)) < 10 * copying


def processor_time(function, *arguments):
    start = time.process_time()
    function(*arguments)
    return time.process_time() - start
