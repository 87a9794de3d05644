"""Items as rows of a spreadsheet, and rows as items, without loss."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
import tablib
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.instrument.faults import DocumentFaults
from assessments.instrument.sheets import COLUMNS, items_from, rows_of
from tests.instrument.small import small_data

ITEMS = small_data()["items"]
PAIR, RATING, SCENARIO = ITEMS[0], ITEMS[8], ITEMS[16]
ROWS = rows_of(ITEMS)


def told(rows):
    with pytest.raises(DocumentFaults) as raised:
        items_from(rows)
    return [
        (fault.line, ".".join(map(str, fault.path)), fault.message)
        for fault in raised.value.faults
    ]


def row(item, **cells):
    (one,) = rows_of([item])
    return one | cells


# There and back

UNSEEN: Any = ("Cs", "Cc", "Zl", "Zp")
LETTERS = st.sampled_from("'=+-@ ,.;1a\"") | st.characters(exclude_categories=UNSEEN)
LINES = st.text(LETTERS, min_size=1, max_size=12).filter(lambda text: not text.isspace())
TEXTS = st.lists(LINES, min_size=1, max_size=3).map("\n".join)
KEYS = st.from_regex(r"[a-z0-9]{1,3}(-[a-z0-9]{1,3}){0,2}", fullmatch=True)
REFS = st.lists(LINES, max_size=4, unique=True)


@st.composite
def items(draw):
    common = {"dimension": draw(KEYS), "source_refs": draw(REFS)}
    match draw(st.sampled_from(["pair", "rating", "scenario"])):
        case "pair":
            a, b = draw(st.permutations("ab"))
            left, right = {"pole": a, "text": draw(TEXTS)}, {"pole": b, "text": draw(TEXTS)}
            return {"kind": "pair", "left": left, "right": right, **common}
        case "rating":
            side = draw(st.sampled_from("ab"))
            return {"kind": "rating", "side": side, "text": draw(TEXTS), **common}
        case _:
            fits = st.integers(0, 2)
            option = st.fixed_dictionaries(
                {"key": KEYS, "text": TEXTS, "fit_a": fits, "fit_b": fits}
            )
            return {
                "kind": "scenario",
                "setting": draw(st.sampled_from(["a", "b", "mixed"])),
                "text": draw(TEXTS),
                "question": draw(TEXTS),
                "options": draw(st.lists(option, min_size=2, max_size=9)),
                **common,
            }


SHEETS = st.dictionaries(KEYS, items(), max_size=3).map(
    lambda rows: [{"key": key, **item} for key, item in rows.items()]
)


@given(SHEETS)
@settings(max_examples=40)
def test_every_item_comes_back(sheet):
    assert items_from(rows_of(sheet)) == sheet


@given(SHEETS, st.sampled_from(["csv", "xlsx"]))
@settings(max_examples=20, deadline=None)
def test_every_item_comes_back_from_a_file(sheet, kind):
    data = tablib.Dataset(*(one.values() for one in rows_of(sheet)), headers=COLUMNS)
    read = tablib.Dataset().load(data.export(kind), format=kind)

    assert items_from(read.dict) == sheet


def test_items_as_models_dump_them_have_the_same_rows():
    tuples = [{**item, "source_refs": tuple(item["source_refs"])} for item in ITEMS]

    assert rows_of(tuples) == ROWS


def test_every_row_has_every_column_in_order():
    assert {tuple(one) for one in ROWS} == {COLUMNS}
    assert COLUMNS[:12] == (
        *("key", "kind", "dimension", "side", "setting"),
        *("left_pole", "left_text", "right_text", "text", "question", "source_refs"),
        "option_1_key",
    )
    assert COLUMNS[-1] == "option_9_fit_b"


def test_an_unfinished_item_has_empty_cells():
    assert any(rows_of([{}])[0].values()) is False
    assert row({"key": "x", "kind": "pair", "left": None, "options": None})["key"] == "x"


def test_no_cell_is_run_as_a_formula():
    item = {**RATING, "text": "=HYPERLINK(1)", "source_refs": ["@x", "1.1"]}

    assert row(item)["text"] == "'=HYPERLINK(1)"
    assert row(item)["source_refs"] == "'@x\n1.1"
    assert items_from([row(item)]) == [item]


# What spreadsheets do


def test_what_spreadsheets_do_to_a_table_is_put_up_with():
    text = io.StringIO()
    writer = csv.writer(text)
    header = [name.replace("_", " ").upper() for name in reversed(COLUMNS)]
    writer.writerow(["\ufeff" + header[0], *header[1:], "", ""])
    for one in ROWS:
        cells = [f" {cell}  ".replace("\n", "\r\n") if cell else "" for cell in one.values()]
        writer.writerow([*reversed(cells), "", " "])
        writer.writerow([])
        writer.writerow([""] * len(cells))
    read = csv.DictReader(io.StringIO(text.getvalue()))

    assert items_from(read) == ITEMS


def test_numbers_and_capitals_are_read_as_meant():
    cells = row(SCENARIO, option_1_fit_a=2.0, option_1_fit_b="1.0", option_2_fit_a=1)
    cells |= {"kind": "Scenario", "setting": "A", "key": "TIME-S", "option_3_key": 7.0}
    cells |= {"option_4_key": "8.0", "option_9_key": None}
    (item,) = items_from([cells])

    keys = [option["key"] for option in item["options"]]
    fits = [(option["fit_a"], option["fit_b"]) for option in item["options"]]
    assert (item["key"], keys, fits) == (
        "time-s",
        ["w", "x", "7", "8"],
        [(2, 1), (1, 1), (0, 2), (1, 1)],
    )


@pytest.mark.parametrize(
    ("cell", "refs"),
    [
        ("", []),
        ("1.1", ["1.1"]),
        (1.1, ["1.1"]),
        ("1.1, 1.10", ["1.1", "1.10"]),
        ("1.1,1.10,", ["1.1", "1.10"]),
        (" 1.1 \n\n 1.10 ", ["1.1", "1.10"]),
        ("a, b\nc", ["a, b", "c"]),
        ("'a, b\n'", ["a, b"]),
    ],
)
def test_sources_stand_in_lines_or_between_commas(cell, refs):
    (item,) = items_from([row(RATING, source_refs=cell)])

    assert item["source_refs"] == refs


def test_only_the_columns_that_are_used_need_be_there():
    names = ("key", "kind", "dimension", "side", "text", "source_refs")
    rows = [{name: one[name] for name in names} for one in rows_of([RATING])]

    assert items_from(rows) == [RATING]


def test_options_may_leave_gaps():
    cells = row({**SCENARIO, "options": SCENARIO["options"][:2]})
    for name in ("key", "text", "fit_a", "fit_b"):
        cells[f"option_7_{name}"] = row(SCENARIO)[f"option_3_{name}"]

    assert items_from([cells]) == [{**SCENARIO, "options": SCENARIO["options"][:3]}]


def test_no_rows_are_no_items():
    assert items_from([]) == []
    assert items_from([dict.fromkeys(COLUMNS, "")]) == []


# Faults


def test_all_faults_are_told_by_row_and_column():
    rows = [
        row(PAIR, key="Time_1"),
        {},
        row(PAIR, right_text=""),
        row(RATING, side="c", dimension="x" * 61),
        row(RATING, key="time-9", left_text="Other."),
        row(SCENARIO, option_1_fit_a="3", option_2_fit_b="two", option_5_key="v"),
        row(SCENARIO, key="time-9", option_2_key="W!"),
    ]

    assert told(rows) == [
        (
            2,
            "key",
            "Use small letters, digits and single hyphens, as in `first-of-two`. "
            "This is `time_1`.",
        ),
        (4, "right_text", "A pair needs `right_text`. Fill in this cell."),
        (5, "dimension", "Shorten this to 60 characters; it has 61."),
        (5, "side", "Write one of `a`, `b` here, not `c`."),
        (6, "left_text", "A rating has no `left_text`. Clear this cell."),
        (7, "option_2_fit_b", "Write a whole number here, not `two`."),
        (7, "option_5_text", "Option 5 needs `option_5_text`. Fill in this cell."),
        (7, "option_5_fit_a", "Option 5 needs `option_5_fit_a`. Fill in this cell."),
        (7, "option_5_fit_b", "Option 5 needs `option_5_fit_b`. Fill in this cell."),
        (8, "key", "The item `time-9` is in row 6 as well. Rename or remove one."),
    ]


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        (
            row(RATING, kind="ratings"),
            (
                "kind",
                "Write one of `pair`, `rating`, `scenario` here, not `ratings`. "
                "Did you mean `rating`?",
            ),
        ),
        (
            row(RATING, kind=""),
            ("kind", "Write one of `pair`, `rating`, `scenario` here, not nothing."),
        ),
        (row(RATING, key=""), ("key", "A rating needs `key`. Fill in this cell.")),
        (row(PAIR, left_pole="left"), ("left_pole", "Write `a` or `b` here, not `left`.")),
        (
            row(PAIR, left_text="x" * 1001),
            ("left_text", "Shorten this to 1000 characters; it has 1001."),
        ),
        (
            row(SCENARIO, option_3_fit_b=3),
            ("option_3_fit_b", "Write a number of 2 or less, not `3`."),
        ),
        (
            row({**SCENARIO, "options": SCENARIO["options"][:1]}),
            ("option_2_key", "List at least 2 here, not 1."),
        ),
        (
            row(RATING, source_refs="1.1\n" + "x" * 21),
            ("source_refs", "Shorten this to 20 characters; it has 21."),
        ),
        (
            {**row(RATING), None: ["", "more"]},
            ("", "There is something in a column without a name. Clear it or name it."),
        ),
    ],
)
def test_a_fault_names_its_cell(cells, fault):
    assert told([cells]) == [(2, *fault)]


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        (
            row(RATING, dimenson="time"),
            ("dimenson", "Unknown column `dimenson`. Did you mean `dimension`?"),
        ),
        (
            row(RATING, Key="time"),
            ("key", "The column `key` is here twice. Remove one."),
        ),
        (
            {name: cell for name, cell in row(RATING).items() if name != "source_refs"},
            ("source_refs", "The column `source_refs` is missing. Add it."),
        ),
    ],
)
def test_a_fault_of_the_header_is_told_first(cells, fault):
    assert told([{**cells, "kind": "?"}]) == [(1, *fault)]


def test_an_unknown_column_is_told_with_those_known():
    ((line, column, message),) = told([row(RATING, zzz="")])

    assert (line, column) == (1, "zzz")
    assert message.startswith("Unknown column `zzz`. Known here: key, kind, dimension, side, ")


def test_more_items_than_a_document_may_have_are_told():
    rows = [row(RATING, key=f"item-{n}") for n in range(501)]

    assert told(rows) == [(1, "", "List at most 500 here, not 501.")]


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from([*COLUMNS[:14], "", None]),
            st.none()
            | st.integers()
            | st.floats()
            | st.booleans()
            | st.text(max_size=5)
            | st.sampled_from(["pair", "rating", "scenario", "a"]),
            max_size=14,
        ),
        max_size=3,
    )
)
@settings(max_examples=30)
def test_junk_is_told_and_nothing_else_happens(rows):
    faults = ()
    try:
        items_from(rows)
    except DocumentFaults as error:
        faults = error.faults
    assert all(fault.message and fault.line for fault in faults)
