"""Two documents compared in the editor's terms, and what the change means for results."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.instrument.canonical import item_revision, parse_canonical
from assessments.instrument.comparison import compare_documents
from assessments.instrument.item_changes import Move, Spot
from tests.instrument.small import small, small_data

ITEMS = {item["key"]: index for index, item in enumerate(small_data()["items"])}
OLD_RESULTS = "Results that are there stay as they are, with the questions that they rest on."
SAME_ROLES = "The roles and their targets stay the same."
SAME_PLANS = "Study plans keep their steps, hours and order."
SAME_QUESTIONS = (
    "Every question stays the same: answers are compared question by question, and "
    "the same answers give the same scores."
)


def compared(edit):
    """The small questionnaire and one with that edit, which names may not fit."""
    data = small_data()
    edit(data)
    return compare_documents(small(), desk(data))


def desk(data):
    """A document as a desk may hold it: right in itself, but names may be of nothing."""
    return parse_canonical(json.dumps(data))


def item(data, key):
    return next(row for row in data["items"] if row["key"] == key)


def only(changes):
    (change,) = changes
    return change


def keys(changes):
    return [change.key for change in changes]


def kinds(comparison):
    """The keys of each kind of change, without kinds that none has."""
    found = {
        kind: keys(getattr(comparison, kind))
        for kind in ("added", "reworded", "rekeyed", "moved", "retired")
    }
    return {kind: those for kind, those in found.items() if those}


# Items


def test_a_reworded_item_is_told_word_by_word():
    def reword(data):
        item(data, "time-a")["text"] = "Kept a whole day a week free for making."

    comparison = compared(reword)
    change = only(comparison.items)
    assert kinds(comparison) == {"reworded": ["time-a"]}
    assert not change.same_revision
    assert only(change.rewordings).runs == (
        ("same", "Kept a "),
        ("removed", "half"),
        ("added", "whole"),
        ("same", " day a week free for making."),
    )


def test_texts_of_pairs_and_options_have_their_fields():
    def reword(data):
        item(data, "time-1")["right"]["text"] = "Other."
        item(data, "time-s")["question"] = "Other?"
        item(data, "time-s")["options"][2]["text"] = "Other"

    fields = {c.key: [r.field for r in c.rewordings] for c in compared(reword).items}
    assert fields == {"time-1": ["right.text"], "time-s": ["question", "options.y.text"]}


def turn(data):
    pair = item(data, "time-1")
    pair["left"], pair["right"] = pair["right"], pair["left"]


LEFT_AND_RIGHT = (
    "Left and right changed places. Takers see each statement in the other position, so answers "
    "to it are not compared with earlier ones."
)
EXCHANGED = (
    "Its statements exchanged poles: what counted for Maker counts for Manager and reverse."
)


def test_a_pair_turned_round_is_another_position_and_no_other_words():
    comparison = compared(turn)

    assert kinds(comparison) == {"rekeyed": ["time-1"]}
    assert only(comparison.items).keying == (LEFT_AND_RIGHT,)
    assert not only(comparison.items).same_revision
    assert comparison.what_it_means.level == "items"


def test_a_pair_turned_round_and_reworded_is_told_by_its_poles():
    def edit(data):
        turn(data)
        item(data, "time-1")["left"]["text"] += " Always."

    comparison = compared(edit)
    rewording = only(only(comparison.items).rewordings)
    assert only(comparison.items).keying == (LEFT_AND_RIGHT,)
    assert (rewording.field, rewording.runs[-1]) == ("left.text", ("added", " Always."))


def test_statements_that_exchange_poles_in_place_say_so():
    def exchange(data):
        pair = item(data, "time-1")
        pair["left"]["pole"], pair["right"]["pole"] = "b", "a"
        pair["right"]["text"] = "Other."

    change = only(compared(exchange).items)
    assert change.keying == (EXCHANGED,)
    assert [r.field for r in change.rewordings] == ["right.text"]


@pytest.mark.parametrize(
    ("edit", "key", "sentences"),
    [
        (
            lambda data: item(data, "time-a").update(side="b"),
            "time-a",
            ["It counts for Manager now, no longer for Maker."],
        ),
        (
            lambda data: item(data, "time-a").update(dimension="growth"),
            "time-a",
            ["It counts for “Growth” now, no longer for “Blocks of time”."],
        ),
        (
            lambda data: item(data, "time-a").update(dimension="nothing"),
            "time-a",
            ["It counts for “nothing” now, no longer for “Blocks of time”."],
        ),
        (
            lambda data: item(data, "time-s").update(setting="mixed"),
            "time-s",
            ["Its setting is both sides now, no longer Maker."],
        ),
        (
            lambda data: item(data, "time-s")["options"][0].update(fit_a=1),
            "time-s",
            ["The option “Move three meetings to next week” fits Maker with 1 now, no longer 2."],
        ),
        (
            lambda data: item(data, "time-s")["options"][0].update(key="v"),
            "time-s",
            [
                "The option “Move three meetings to next week” is gone.",
                "The option “Move three meetings to next week” is new.",
            ],
        ),
        (
            lambda data: item(data, "time-s")["options"].reverse(),
            "time-s",
            ["Its options stand in another order."],
        ),
        (
            lambda data: data["items"].__setitem__(
                ITEMS["time-a"], {**item(data, "time-b"), "key": "time-a", "side": "a"}
            ),
            "time-a",
            [],
        ),
        (
            lambda data: data["items"].__setitem__(
                ITEMS["time-a"], {**item(data, "time-1"), "key": "time-a"}
            ),
            "time-a",
            ["It is a pair now, no longer a rating."],
        ),
    ],
)
def test_what_makes_an_item_a_new_question_in_effect(edit, key, sentences):
    comparison = compared(edit)
    change = only(comparison.items)

    assert (change.key, list(change.keying)) == (key, sentences)
    assert not change.same_revision
    assert comparison.what_it_means.level == "items"


def test_an_item_that_moves_keeps_its_revision():
    def move(data):
        first, second, *_ = data["forms"][0]["sections"]
        first["title"] = "Renamed"
        second["items"].insert(0, first["items"].pop(1))

    comparison = compared(move)
    change = only(comparison.items)
    assert kinds(comparison) == {"moved": ["feedback-1"]}
    assert change.moves == (Move("full", Spot("What you like", 2), Spot("What else you like", 5)),)
    assert change.same_revision
    assert comparison.what_it_means.level == "texts_only"


def test_an_item_that_moves_in_its_section_is_the_only_one_told():
    def move(data):
        items = data["forms"][0]["sections"][0]["items"]
        items.append(items.pop(0))

    assert kinds(compared(move)) == {"moved": ["time-1"]}


def test_an_item_that_goes_off_one_of_two_forms_is_moved():
    def leave(data):
        data["forms"][1]["sections"][0]["items"].remove("time-1")

    comparison = compared(leave)
    assert kinds(comparison) == {"moved": ["time-1"]}
    assert only(comparison.items).moves == (Move("short", Spot("What you like", 1), None),)
    assert comparison.what_it_means.level == "items"


def test_items_are_added_and_retired_with_the_document_and_with_their_forms():
    def replace(data):
        sections = data["forms"][0]["sections"]
        data["items"].append({**item(data, "time-a"), "key": "time-c"})
        sections[2]["items"][0] = "time-c"
        del data["items"][ITEMS["growth-s"]]
        sections[3]["items"].remove("growth-s")

    comparison = compared(replace)
    assert kinds(comparison) == {"added": ["time-c"], "retired": ["time-a", "growth-s"]}
    gone = comparison.retired[1]
    assert (gone.before.key, gone.after) == ("growth-s", None)


def test_other_sources_leave_a_question_as_it_is():
    def cite(data):
        item(data, "time-a")["source_refs"] = ["1.1"]

    comparison = compared(cite)
    change = only(comparison.items)
    assert (change.sources_removed, change.sources_added) == (("1.10",), ("1.1",))
    assert change.same_revision
    assert kinds(comparison) == {}
    assert comparison.what_it_means.level == "texts_only"


# Other parts


def test_parts_are_told_by_name_in_the_order_of_the_document():
    def edit(data):
        data["study"]["closing"] = []
        data["study"]["recommendations"][0]["text"] = "Read both."
        data["roles"][0]["targets"]["time"]["weight"] = 0
        data["dimensions"][1]["name"] = "Notes"
        data["dimensions"].reverse()
        data["glossary"] = [{"term": "Talk", "gloss": "A talk."}]
        data["stems"]["rating"] = "How far did you get?"
        data["poles"]["a"]["colour"] = "blue"

    comparison = compared(edit)
    assert [(change.part, change.name, change.kind) for change in comparison.parts] == [
        (("questionnaire",), "Making or managing", "changed"),
        (("glossary", "Talk"), "Talk", "added"),
        (("dimensions", "growth"), "Growth", "moved"),
        (("dimensions", "choices"), "Choices", "moved"),
        (("dimensions", "feedback"), "Notes", "changed"),
        (("roles", "specialist"), "Specialist", "changed"),
        (("study",), "Study plan", "changed"),
        (("study", "recommendations", "start"), "Read both sides", "changed"),
        (("glossary", "Draft"), "Draft", "removed"),
    ]
    assert [change.field for change in comparison.wording] == ["stems.rating"]
    assert keys_of(comparison.of("study", "recommendations")) == ["start"]
    (text,) = comparison.of("study", "recommendations")[0].changes
    assert text.runs[0] == ("same", "Read both")


def keys_of(parts):
    return [change.part[-1] for change in parts]


def test_sections_are_told_without_their_items():
    def edit(data):
        sections = data["forms"][0]["sections"]
        sections[1]["title"] = "Renamed"
        sections.append(sections.pop(0))
        sections[1:2] = [{"title": "New", "items": ["time-a"]}]
        data["forms"][0]["rules"]["minutes_max"] = 6

    (form,) = compared(edit).of("forms")
    assert [(c.field, c.kind, c.before, c.after) for c in form.changes] == [
        ("rules.minutes_max", "changed", 5, 6),
        ("sections.1.title", "changed", "What else you like", "Renamed"),
        ("sections.2.title", "changed", "What you have done", "New"),
        ("sections.4", "moved", 1, 4),
    ]


# What it means


def test_nothing_differs_from_itself():
    comparison = compare_documents(small(), small())

    assert (comparison.items, comparison.parts) == ((), ())
    assert comparison.what_it_means.level == "none"
    assert comparison.sentences == ("Nothing differs.",)


def test_the_order_of_the_items_in_the_file_is_not_seen():
    comparison = compared(lambda data: data["items"].reverse())

    assert (comparison.items, comparison.parts) == ((), ())
    assert comparison.sentences == (
        "Only the order of the questions in the file differs; takers do not see that.",
    )


@pytest.mark.parametrize(
    ("edit", "roles", "plans"),
    [
        (lambda data: data["study"]["recommendations"][0].update(text="Read."), False, False),
        (lambda data: data["study"]["resources"].reverse(), False, False),
        (lambda data: data["study"]["resources"][0].update(note="Read."), False, False),
        (lambda data: data["dimensions"][0]["texts"].update(both="Both."), False, False),
        (lambda data: data["roles"][0].update(gloss="Who makes."), False, False),
        (lambda data: data["roles"][0]["near"][0].update(tells_apart="Pay."), False, False),
        (lambda data: data["roles"].reverse(), False, False),
        (lambda data: data["roles"][0]["targets"]["time"].update(weight=0), True, True),
        (lambda data: data["roles"].pop(), True, True),
        (lambda data: data["study"]["recommendations"][0].update(hours=3), False, True),
        (lambda data: data["study"]["recommendations"].pop(), False, True),
        (lambda data: data["study"]["closing"].append("talks"), False, True),
        (lambda data: data["study"]["tie_order"].reverse(), False, True),
        (lambda data: data["study"]["step_hours"].__setitem__(0, 3), False, True),
    ],
)
def test_texts_roles_and_plans_leave_answers_and_scores_comparable(edit, roles, plans):
    comparison = compared(edit)
    meaning = comparison.what_it_means

    assert meaning.level == "texts_only"
    assert (meaning.role_fits_change, meaning.plans_change) == (roles, plans)
    assert meaning.dimensions == ()
    assert [(form.form, form.share, form.lost) for form in meaning.forms] == [
        ("full", 1.0, ()),
        ("short", 1.0, ()),
    ]
    assert comparison.sentences == (
        SAME_QUESTIONS,
        "Role fits change: the same scores give other fits." if roles else SAME_ROLES,
        "Study plans change: other steps, hours or order." if plans else SAME_PLANS,
        OLD_RESULTS,
    )


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (
            lambda data: data["dimensions"][0].update(half_weight=True),
            "“Blocks of time” counts half in the overall preference now.",
        ),
        (
            lambda data: data["dimensions"][2].update(half_weight=False),
            "“Choices” counts fully in the overall preference now.",
        ),
        (
            lambda data: data["dimensions"][0].update(cluster="path"),
            "“Blocks of time” is told with another cluster on forms without rows.",
        ),
        (
            lambda data: data["dimensions"].append({**data["dimensions"][0], "key": "x"}),
            "The dimension “Blocks of time” is new.",
        ),
        (
            lambda data: data["dimensions"].pop(),
            "The dimension “Growth” is gone.",
        ),
        (
            lambda data: data["forms"][1]["rules"].pop("quality_cap"),
            "The rules of “A first look” change what its result shows: "
            "the same answers may give another headline or quality.",
        ),
    ],
)
def test_what_scores_are_worked_out_from_is_told_apart_from_texts(edit, sentence):
    comparison = compared(edit)

    assert comparison.what_it_means.level == "scores"
    assert comparison.sentences[:3] == (
        "Every question stays the same, and answers are compared question by question.",
        sentence,
        "A comparison of an old and a new result works out both in the new way.",
    )


def test_a_reworded_item_affects_its_dimension_on_each_form():
    def reword(data):
        item(data, "time-1")["left"]["text"] = "Other."
        item(data, "choices-b")["text"] = "Other."

    comparison = compared(reword)
    meaning = comparison.what_it_means
    assert meaning.level == "items"
    assert meaning.dimensions == ("time", "choices")
    full, short = meaning.forms
    assert (full.same, full.before, full.after, full.share) == (18, 20, 20, 0.9)
    assert [(d.dimension, d.same, d.after, d.lost) for d in full.dimensions] == [
        ("time", 4, 5, ()),
        ("choices", 4, 5, ("readiness_b",)),
    ]
    assert [(d.dimension, d.same, d.after, d.lost) for d in short.dimensions] == [
        ("time", 0, 1, ("preference",)),
        ("choices", 2, 3, ("readiness_b",)),
    ]
    assert comparison.sentences == (
        "18 of 20 questions of “Everything” stay the same (90 %; it had 20). "
        "Only these are compared between old and new results.",
        "On “Everything”, readiness for Manager can no longer be compared on “Choices”.",
        "On “Everything”, comparisons rest on fewer questions on “Blocks of time” (4 of 5).",
        "5 of 7 questions of “A first look” stay the same (71 %; it had 7). "
        "Only these are compared between old and new results.",
        "On “A first look”, preference can no longer be compared on “Blocks of time”.",
        "On “A first look”, readiness for Manager can no longer be compared on “Choices”.",
        SAME_ROLES,
        SAME_PLANS,
        OLD_RESULTS,
    )


@pytest.mark.parametrize(
    ("edit", "sentence", "same", "lost"),
    [
        (
            lambda data: data["stems"].update(pair="What would you do?"),
            "The question before all pairs was reworded: each is a new question.",
            12,
            ("preference",),
        ),
        (
            lambda data: data["anchors"]["pair"].__setitem__(2, "Same"),
            "The five positions between the statements of all pairs were reworded: "
            "each pair is a new question.",
            12,
            ("preference",),
        ),
        (
            lambda data: data["stems"].update(rating="How far?"),
            "The question before all ratings was reworded: each is a new question.",
            12,
            ("readiness_a", "readiness_b"),
        ),
        (
            lambda data: data["anchors"]["rating"][2].update(label="Joined"),
            "The five answers to all ratings were reworded: each is a new question.",
            12,
            ("readiness_a", "readiness_b"),
        ),
    ],
)
def test_stems_and_anchors_make_every_item_of_a_kind_new(edit, sentence, same, lost):
    comparison = compared(edit)
    full = comparison.what_it_means.forms[0]

    assert comparison.items == ()
    assert len(comparison.wording) == 1
    assert comparison.sentences[0] == sentence
    assert (full.same, full.lost) == (same, lost)
    assert any(told.endswith("compared on any dimension.") for told in comparison.sentences)


def test_a_form_that_comes_or_goes_is_told():
    def replace(data):
        data["forms"][1].update(key="brief", title="Brief")

    comparison = compared(replace)
    assert comparison.what_it_means.level == "items"
    assert comparison.sentences[:3] == (
        "The form “A first look” is gone: nobody can take it again.",
        "The form “Brief” is new.",
        "“Everything” keeps all of its 20 questions.",
    )


def test_a_form_may_name_what_is_not_there_yet():
    def name(data):
        data["forms"][0]["sections"][0]["items"].append("later")

    comparison = compared(name)
    assert comparison.items == ()
    assert comparison.what_it_means.forms[0].same == 20


def test_two_questionnaires_are_not_compared():
    with pytest.raises(ValueError, match="“maker-manager” and “other” are two questionnaires"):
        compared(lambda data: data.update(slug="other"))


def drop_a_section(data):
    """A form needs one; which form comes first may have been changed before."""
    sections = data["forms"][0]["sections"]
    if len(sections) > 1:
        sections.pop()


EDITS = st.lists(
    st.sampled_from(
        [
            lambda data: data["items"].reverse(),
            lambda data: data["items"].pop(),
            turn,
            lambda data: item(data, "time-1")["right"].update(text="Other words."),
            lambda data: item(data, "growth-a").update(dimension="time"),
            lambda data: data["stems"].update(rating="How far?"),
            lambda data: data["forms"][0]["sections"].reverse(),
            lambda data: data["forms"][0]["sections"][0]["items"].reverse(),
            drop_a_section,
            lambda data: data["forms"].reverse(),
            lambda data: data["dimensions"].pop(),
            lambda data: data["study"]["recommendations"].reverse(),
        ]
    ),
    max_size=4,
)


@given(EDITS, EDITS)
@settings(max_examples=20)
def test_items_count_as_the_same_just_when_key_and_revision_are(first, second):
    one, two = small_data(), small_data()
    for data, edits in ((one, first), (two, second)):
        for edit in edits:
            edit(data)
    before, after = desk(one), desk(two)
    comparison = compare_documents(before, after)

    told = {change.key: change.same_revision for change in comparison.items}
    for key, same in told.items():
        assert same == (
            key in before.item
            and key in after.item
            and item_revision(before, key) == item_revision(after, key)
        )
    back = compare_documents(after, before)
    assert set(keys(comparison.added)) == set(keys(back.retired))
    assert {s.form: s.same for s in comparison.what_it_means.forms} == {
        s.form: s.same for s in back.what_it_means.forms
    }
    assert comparison.what_it_means.level == back.what_it_means.level
