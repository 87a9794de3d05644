from __future__ import annotations

import pytest

from assessments.instrument.checks import estimated_minutes, publishing_faults
from assessments.instrument.faults import warning
from assessments.instrument.readability import reading_age, sentences, words
from tests.instrument.small import small, small_data

ITEMS = {item["key"]: index for index, item in enumerate(small_data()["items"])}
FULL, SHORT = 0, 1


class Desk:
    """The small questionnaire in the making, with words for the changes that tests need."""

    def __init__(self):
        self.data = small_data()

    def item(self, key):
        return self.data["items"][ITEMS[key]]

    def rules(self, form):
        return self.data["forms"][form]["rules"]

    def section(self, form, number):
        return self.data["forms"][form]["sections"][number]["items"]

    def statements(self, key, left, right):
        self.item(key)["left"]["text"], self.item(key)["right"]["text"] = left, right

    def turn(self, key):
        pair = self.item(key)
        pair["left"], pair["right"] = pair["right"], pair["left"]

    def fits(self, key, *fits):
        for option, (fit_a, fit_b) in zip(self.item(key)["options"], fits, strict=True):
            option.update(fit_a=fit_a, fit_b=fit_b)

    def found(self, level="fault"):
        """The publishing faults of one level, as (place, sentence)."""
        return [
            (".".join(map(str, fault.path)), fault.message)
            for fault in publishing_faults(small(self.data))
            if fault.level == level
        ]

    def warnings(self):
        return self.found("warning")


@pytest.fixture
def desk():
    return Desk()


def place(key, *steps):
    return ".".join(map(str, ["items", ITEMS[key], *steps]))


def count_of(number, word="word"):
    return " ".join([word] * number)


def test_the_small_questionnaire_may_be_published():
    assert publishing_faults(small()) == ()


def test_what_reading_refuses_stops_publishing_as_well():
    document = small()
    form = document.forms[FULL]
    section = form.sections[0].model_copy(update={"items": ("gone", *form.sections[0].items)})
    odd = form.model_copy(update={"sections": (section, *form.sections[1:])})
    pair = document.items[0].model_copy(update={"dimension": "lost"})
    rating = document.item["choices-b"].model_copy(update={"dimension": "lost"})
    items = (pair, rating, *(i for i in document.items[1:] if i.key != rating.key))

    faults = publishing_faults(
        document.model_copy(update={"forms": (odd, document.forms[SHORT]), "items": items})
    )
    assert [fault.message for fault in faults[:3]] == [
        "There is no dimension `lost`. Add it or mend this.",
        "There is no dimension `lost`. Add it or mend this.",
        "There is no item `gone`. Add it or mend this.",
    ]


# Minutes


def test_minutes_are_reading_and_answering(desk):
    desk.statements("time-1", count_of(10), count_of(10))
    desk.item("time-a")["text"] = count_of(12)
    desk.item("time-s").update(text=count_of(20), question=count_of(4))
    for option in desk.item("time-s")["options"]:
        option["text"] = count_of(2)
    section = {"title": "All", "items": ["time-1", "time-a", "time-s"]}
    desk.data["forms"][SHORT]["sections"] = [section]
    document = small(desk.data)

    seconds = (20 / 4 + 2) + (12 / 4 + 3) + (32 / 4 + 6)
    assert estimated_minutes(document, document.form["short"]) == pytest.approx(seconds / 60)


def test_a_form_keeps_to_its_minutes(desk):
    desk.rules(FULL)["minutes_max"] = 2

    assert desk.found() == [("forms.0", "This takes about 2.5 minutes; shorten it to 2.")]


# What a form holds


def test_a_form_of_all_rows_has_its_pairs_for_every_dimension(desk):
    desk.section(FULL, 0).remove("time-1")
    desk.section(FULL, 1).remove("time-2")
    desk.section(SHORT, 0)[0] = "feedback-2"
    desk.data["items"] = [i for i in desk.data["items"] if i["key"] not in {"time-1", "time-2"}]

    assert desk.found() == [("forms.0", "`time` has 0 pairs on this form; it needs 2.")]


def test_a_dimension_of_a_short_form_has_exactly_its_pairs(desk):
    desk.section(SHORT, 0)[:] = ["time-1", "choices-1", "time-2", "growth-1"]

    assert desk.found() == [("forms.1", "`time` has 2 pairs on this form; it needs 1.")]


def test_one_pair_is_too_few_for_two(desk):
    desk.rules(SHORT)["pairs_per_dimension"] = 2

    assert desk.found() == [
        ("forms.1", "`time` has 1 pair on this form; it needs 2."),
        ("forms.1", "`choices` has 1 pair on this form; it needs 2."),
        ("forms.1", "`growth` has 1 pair on this form; it needs 2."),
    ]


def test_a_form_of_all_rows_has_its_ratings_for_every_dimension(desk):
    desk.section(FULL, 2)[:] = ["feedback-b", "choices-s", "feedback-a"]

    assert desk.found() == [
        ("forms.0", "`time` has 0 Maker rating(s) on this form; it needs 1."),
        ("forms.0", "`time` has 0 Manager rating(s) on this form; it needs 1."),
    ]


def test_a_rated_dimension_of_a_short_form_has_both_sides(desk):
    desk.section(SHORT, 1).remove("choices-a")

    assert desk.found() == [
        ("forms.1", "`choices` has 0 Maker rating(s) on this form; it needs 1.")
    ]


def test_a_form_without_ratings_has_none(desk):
    desk.rules(SHORT)["ratings_per_side"] = 0

    assert desk.found() == [
        ("forms.1", f"`{key}` has 1 {side} rating(s) on this form; it needs 0.")
        for key in ("feedback", "choices")
        for side in ("Maker", "Manager")
    ]


def test_a_short_form_rates_every_cluster(desk):
    desk.section(SHORT, 1)[:] = ["feedback-a", "time-b", "feedback-b", "time-a"]

    assert desk.found() == [
        ("forms.1", "Nothing in the cluster `path` is rated here. Add ratings.")
    ]


def test_a_short_form_may_rate_nothing(desk):
    desk.rules(SHORT)["ratings_per_side"] = 0
    del desk.data["forms"][SHORT]["sections"][1]

    assert desk.found() == []


@pytest.mark.parametrize("setting", ["a", "b", "mixed"])
def test_a_form_has_its_scenarios_of_each_setting(desk, setting):
    count = desk.rules(FULL)["scenarios"][setting]
    desk.rules(FULL)["scenarios"][setting] = count + 1

    assert desk.found() == [
        (
            "forms.0",
            f"This form has {count} scenario(s) of setting {setting}; "
            f"its rules ask for {count + 1}.",
        )
    ]


# Left and right, and order


def test_two_pairs_of_a_dimension_are_one_of_each_orientation(desk):
    desk.turn("growth-1")
    desk.turn("choices-1")

    assert desk.found() == [
        ("forms.0", "Put Maker on the left in half of the pairs of `choices`."),
        ("forms.0", "Put Maker on the left in half of the pairs of `growth`."),
    ]


def test_over_a_form_each_pole_is_on_the_left_as_often(desk):
    desk.section(SHORT, 0)[:] = ["choices-1", "time-2", "growth-2"]

    assert desk.found() == [
        (
            "forms.1",
            "Maker is on the left in 0 of 3 pairs; turn some round until it is half of them.",
        )
    ]


def test_an_odd_number_of_pairs_may_have_one_more_either_way(desk):
    desk.section(SHORT, 0)[:] = ["time-1", "choices-1", "growth-1"]

    assert desk.found() == []


def test_an_even_number_of_pairs_is_halved(desk):
    desk.section(SHORT, 0)[:] = ["time-1", "choices-1", "growth-2", "feedback-1"]

    assert desk.found() == [
        (
            "forms.1",
            "Maker is on the left in 1 of 4 pairs; turn some round until it is half of them.",
        )
    ]


def test_at_most_three_pairs_in_a_row_have_one_orientation(desk):
    for key in ("feedback-1", "feedback-2", "choices-1", "choices-2"):
        desk.turn(key)

    # What stands between the pairs, a scenario here, does not end a row.
    assert desk.found() == [
        (
            "forms.0.sections.0.items.3",
            "4 pairs in a row have the same pole on the left; move one of the others between.",
        ),
        (
            "forms.0.sections.1.items.3",
            "4 pairs in a row have the same pole on the left; move one of the others between.",
        ),
    ]


def test_three_pairs_in_a_row_may_have_one_orientation(desk):
    # Left on the screen: a a a b, b b b a.
    for key in ("feedback-1", "feedback-2", "choices-1", "choices-2", "growth-1", "growth-2"):
        desk.turn(key)
    desk.section(FULL, 1)[:] = ["growth-2", "time-2", "feedback-2", "choices-2", "feedback-s"]

    runs = [message for _, message in desk.found() if "in a row" in message]
    assert runs == []


def test_the_pairs_of_a_dimension_never_stand_together(desk):
    desk.section(FULL, 0)[:] = ["feedback-1", "choices-1", "growth-1", "time-1"]
    desk.section(FULL, 1)[:0] = ["time-2", "time-s"]
    del desk.section(FULL, 1)[2]

    assert desk.found() == [
        ("forms.0.sections.1.items.0", "Two pairs of `time` stand together; move one away.")
    ]


def test_both_ratings_of_a_dimension_never_stand_together(desk):
    desk.section(FULL, 2)[:] = ["time-a", "time-b", "feedback-a", "choices-s", "feedback-b"]

    assert desk.found() == [
        (
            "forms.0.sections.2.items.1",
            "Both sides of `time` are rated together; move one away.",
        )
    ]


def test_two_ratings_of_one_side_of_a_dimension_may_stand_together(desk):
    desk.item("feedback-a")["dimension"] = "time"
    desk.section(FULL, 2)[:] = ["time-a", "feedback-a", "feedback-b", "time-b", "choices-s"]

    together = [message for _, message in desk.found() if "together" in message]
    assert together == []


def test_ratings_of_one_side_in_a_row_deserve_a_look(desk):
    desk.section(FULL, 2)[:] = ["feedback-b", "time-a", "feedback-a", "choices-s", "time-b"]
    desk.section(FULL, 3)[:] = ["growth-b", "growth-s", "choices-b", "choices-a", "growth-a"]
    desk.section(FULL, 2)[:] = ["time-a", "feedback-a", "choices-s", "time-b", "feedback-b"]

    assert desk.warnings() == [
        ("forms.0.sections.3.items.2", "4 ratings in a row are of one side; mix the two sides.")
    ]


def test_scenarios_together_deserve_a_look(desk):
    desk.section(FULL, 3).remove("growth-s")
    desk.section(FULL, 2).append("growth-s")

    assert desk.found() == []
    assert desk.warnings() == [
        ("forms.0.sections.2.items.5", "Two scenarios stand together; spread them over the form.")
    ]


def test_ratings_of_a_cluster_apart_deserve_a_look(desk):
    desk.section(FULL, 2)[:] = ["time-a", "feedback-b", "choices-a", "choices-s", "growth-b"]
    desk.section(FULL, 3)[:] = ["time-b", "feedback-a", "choices-b", "growth-a", "growth-s"]

    assert desk.found() == []
    assert desk.warnings() == [
        ("forms.0.sections.3.items.0", "Keep the ratings of the cluster `day` together."),
        ("forms.0.sections.3.items.2", "Keep the ratings of the cluster `path` together."),
    ]


# Lengths


def test_ratings_of_both_sides_are_about_as_long(desk):
    desk.data["forms"][SHORT]["sections"].pop()
    desk.rules(SHORT)["ratings_per_side"] = 0
    for key in ("time", "feedback", "choices", "growth"):
        desk.item(f"{key}-a")["text"] = count_of(7, f"{key}ing")
        desk.item(f"{key}-b")["text"] = count_of(9, f"{key}ed")

    assert desk.found() == [
        (
            "forms.0",
            "The ratings have 7.0 words (Maker) and 9.0 words (Manager) on average; "
            "bring them within 2.",
        )
    ]


def test_ratings_of_both_sides_may_differ_by_less_than_two_words(desk):
    for key in ("time", "feedback", "choices", "growth"):
        desk.item(f"{key}-a")["text"] = count_of(9, f"{key}ed")
        desk.item(f"{key}-b")["text"] = count_of(7, f"{key}ing")
    desk.item("choices-b")["text"] = count_of(8, "choosing")
    desk.item("feedback-b")["text"] = count_of(8, "remarking")

    assert desk.found() == []


def test_statements_of_a_pair_are_about_as_long(desk):
    desk.statements("time-1", count_of(8), count_of(12))
    assert desk.found() == []

    desk.statements("time-1", count_of(8), count_of(13))
    assert desk.found() == [
        (
            place("time-1"),
            "The statements have 8 and 13 words; bring them within 4 of each other.",
        )
    ]


def test_a_pair_has_at_most_26_words(desk):
    desk.statements("time-1", count_of(13), count_of(13))
    assert desk.found() == []

    desk.statements("time-1", count_of(13), count_of(14))
    assert desk.found() == [
        (place("time-1"), "Both statements have 27 words; shorten them to 26 together.")
    ]


def test_a_rating_has_at_most_20_words(desk):
    desk.item("time-a")["text"] = f"{count_of(10)}. {count_of(10)}."
    desk.item("time-b")["text"] = f"{count_of(10)}! {count_of(10)}!"
    assert desk.found() == []

    desk.item("time-a")["text"] = f"{count_of(10)}. {count_of(11)}."
    assert desk.found() == [(place("time-a", "text"), "This has 21 words; shorten it to 20.")]


def test_a_setting_has_at_most_40_words(desk):
    desk.item("time-s")["text"] = f"{count_of(20)}. {count_of(20)}."
    assert desk.found() == []

    desk.item("time-s")["text"] = f"{count_of(20)}. {count_of(20)}. Word."
    assert desk.found() == [(place("time-s", "text"), "This has 41 words; shorten it to 40.")]


def test_an_option_has_at_most_12_words(desk):
    desk.item("time-s")["options"][1]["text"] = count_of(12)
    assert desk.found() == []

    desk.item("time-s")["options"][1]["text"] = count_of(13)
    assert desk.found() == [
        (place("time-s", "options", 1, "text"), "This has 13 words; shorten it to 12.")
    ]


def test_a_scenario_has_at_most_90_words(desk):
    scenario = desk.item("time-s")
    scenario.update(text=f"{count_of(20)}. {count_of(17)}.", question=count_of(5))
    for option in scenario["options"]:
        option["text"] = count_of(12)
    assert desk.found() == []

    scenario["question"] = count_of(6)
    assert desk.found() == [
        (
            place("time-s"),
            "Setting, question and options have 91 words; shorten them to 90.",
        )
    ]


def test_a_sentence_has_at_most_20_words(desk):
    desk.item("time-s")["text"] = f"{count_of(20)}."
    assert desk.found() == []

    desk.item("time-s")["text"] = f"Short. {count_of(21)}."
    assert desk.found() == [(place("time-s", "text"), "A sentence has 21 words; keep to 20.")]


# Scenarios


def test_a_scenario_has_four_options(desk):
    desk.item("time-s")["options"].pop(1)

    assert desk.found() == [(place("time-s", "options"), "Give 4 options, not 3.")]


def test_at_most_one_option_of_a_scenario_does_not_fit(desk):
    desk.fits("time-s", (2, 0), (0, 0), (1, 0), (0, 0))

    # Only the setting's side counts.
    assert desk.found() == [
        (place("time-s", "options"), "Leave at most 1 option that does not fit Maker (0).")
    ]


def test_at_least_two_options_of_a_scenario_fit(desk):
    desk.fits("feedback-s", (2, 0), (2, 2), (0, 0), (0, 0))

    assert desk.found() == [
        (place("feedback-s", "options"), "Write at least 2 options that fit Manager (1 or 2).")
    ]


def test_a_mixed_scenario_fits_both_sides(desk):
    desk.fits("choices-s", (0, 0), (0, 0), (2, 2), (1, 1))

    assert desk.found() == [
        (place("choices-s", "options"), f"Leave at most 1 option that does not fit {side} (0).")
        for side in ("Maker", "Manager")
    ]


def test_the_best_option_comes_in_every_place(desk):
    desk.fits("choices-s", (1, 0), (2, 2), (0, 1), (1, 1))

    assert desk.found() == [
        (
            "forms.0",
            "The best option of a scenario is never in place 3. Reorder some.",
        )
    ]


def test_in_a_mixed_scenario_the_option_best_for_both_together_is_the_best(desk):
    desk.fits("choices-s", (2, 0), (1, 1), (1, 2), (0, 2))

    assert desk.found() == []


def test_fewer_scenarios_than_places_need_as_many_places(desk):
    for number in (2, 3):
        desk.section(FULL, number)[:] = [k for k in desk.section(FULL, number) if k[-2:] != "-s"]
    desk.rules(FULL)["scenarios"]["mixed"] = 0
    assert desk.found() == []

    desk.fits("feedback-s", (0, 2), (2, 1), (1, 1), (1, 1))
    assert desk.found() == [
        (
            "forms.0",
            "The best option of a scenario is never in place 2, 3, 4. Reorder some.",
        )
    ]


# Wording


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("I enjoy always having a plan at hand.", "Take out “always”: it leaves no exception."),
        ("NEVER a dull day at the bench.", "Take out “never”: it leaves no exception."),
        (
            "I enjoy days with no plan at all.",
            "Say it without “no”: a negation is easily read over.",
        ),
        (
            "I like work that doesn’t wait for others.",
            "Say it without “doesn't”: a negation is easily read over.",
        ),
        ("I enjoy doing strategic work at a bench.", "Take out “strategic”: it praises a trait."),
        (
            "I enjoy mornings because they are quiet.",
            "Take out “because”: a reason is a second idea.",
        ),
        (
            "I come early in order to make things.",
            "Take out “in order to”: a reason is a second idea.",
        ),
        (
            "I am able to work a whole day.",
            "Take out “able to”: describe the work, not the ability.",
        ),
        (
            "I enjoy making the first hundred dollars myself.",
            "Take out “dollars”: a currency belongs to a region.",
        ),
        (
            "I enjoy making the first €100 of sales.",
            "Take out “€”: a currency belongs to a region.",
        ),
        (
            "I enjoy drawing a roadmap for my work.",
            "Explain “roadmap” in brackets here, or put it in the glossary.",
        ),
    ],
)
def test_words_that_items_do_without(desk, text, sentence):
    desk.item("time-1")["left"]["text"] = text
    assert desk.found() == [(place("time-1", "left", "text"), sentence)]

    desk.data["language"] = "en-GB"
    assert desk.found() == [(place("time-1", "left", "text"), sentence)]

    desk.data["language"] = "de"
    assert desk.found() == []


def test_a_word_that_comes_twice_is_told_once(desk):
    desk.item("time-a")["text"] = "Always said always in a meeting."

    assert desk.found() == [
        (place("time-a", "text"), "Take out “always”: it leaves no exception.")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Telling people “not now” as a kind answer.",
        'Telling people "no" as a kind answer, often.',
        "Knowing each note of a knot by heart.",
        "Setting up a no-code tool for the team.",
        "Sometimes ending a day with a strategist.",
    ],
)
def test_words_that_only_look_like_them(desk, text):
    desk.item("time-1")["left"]["text"] = text

    assert desk.found() == []


def test_in_a_scenario_such_words_deserve_a_look_only(desk):
    desk.item("time-s")["text"] = "People do not return after the first week."

    assert desk.found() == []
    assert desk.warnings() == [
        (place("time-s", "text"), "Say it without “not”: a negation is easily read over.")
    ]


def test_jargon_in_a_scenario_needs_its_explanation(desk):
    desk.item("time-s")["options"][0]["text"] = "Run an A/B test"

    assert desk.found() == [
        (
            place("time-s", "options", 0, "text"),
            "Explain “A/B test” in brackets here, or put it in the glossary.",
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Reading how churn (people who leave) went down.",
        "Reading how many people leave (churn) each month.",
        "I enjoy reading about personal conversations.",
    ],
)
def test_jargon_explained_in_the_text_is_understood(desk, text):
    desk.statements("time-1", text, "I enjoy a whole morning of talks.")

    assert desk.found() == []


def test_brackets_elsewhere_explain_nothing(desk):
    desk.item("time-1")["left"]["text"] = "Reading about churn each month (or so)."

    assert desk.found() == [
        (
            place("time-1", "left", "text"),
            "Explain “churn” in brackets here, or put it in the glossary.",
        )
    ]


@pytest.mark.parametrize("term", ["cohort", "Cohorts", "Cohort (group of one week)"])
def test_jargon_in_the_glossary_is_understood(desk, term):
    desk.item("time-1")["left"]["text"] = "I enjoy following cohorts over a year."
    desk.data["glossary"].append({"term": term, "gloss": "People who began in one week."})

    assert desk.found() == []


def test_hard_reading_deserves_a_look(desk):
    for item in desk.data["items"]:
        if item["kind"] == "pair":
            for side in ("left", "right"):
                item[side]["text"] += " Organisationally considerable responsibility."
    assert desk.found() == []
    assert [where for where, _ in desk.warnings()] == ["forms.1"]
    assert desk.warnings()[0][1].endswith("; use shorter words and sentences.")

    desk.data["language"] = "de"
    assert desk.warnings() == []


# Copies, and items on no form


def test_a_copy_deserves_a_look(desk):
    desk.item("growth-b")["text"] = desk.item("choices-b")["text"].upper() + "  "

    assert desk.found() == []
    assert desk.warnings() == [
        (place("growth-b"), "This is nearly the item `choices-b`. Keep one of them.")
    ]


def test_a_near_copy_deserves_a_look_even_turned_round(desk):
    left, right = (desk.item("time-1")[side]["text"] for side in ("left", "right"))
    desk.statements("growth-2", right, left.replace("piece", "bit"))

    assert desk.found() == []
    assert desk.warnings() == [
        (place("growth-2"), "This is nearly the item `time-1`. Keep one of them.")
    ]


def test_an_item_on_no_form_deserves_a_look(desk):
    extra = dict(desk.item("time-a"), key="extra", text="Built a shelf from old planks.")
    desk.data["items"].append(extra)

    assert desk.found() == []
    assert desk.warnings() == [
        ("items.20", "This item is on no form. Put it on one or remove it.")
    ]


# The rest of the document


@pytest.mark.parametrize("part", ["dimensions", "items"])
def test_dimensions_and_items_name_a_source(desk, part):
    desk.data[part][0]["source_refs"] = []

    assert desk.found() == [(f"{part}.0.source_refs", "Name at least one source.")]


@pytest.mark.parametrize(("side", "name"), [("a", "Maker"), ("b", "Manager")])
def test_a_dimension_has_interview_questions_for_both_sides(desk, side, name):
    desk.data["dimensions"][0]["interview"][side] = []

    assert desk.found() == [
        (f"dimensions.0.interview.{side}", f"Add an interview question for {name}.")
    ]


def test_a_dimension_has_a_mistake(desk):
    desk.data["dimensions"][0]["mistakes"] = []

    assert desk.found() == [
        ("dimensions.0.mistakes", "Add at least one mistake with its better way.")
    ]


@pytest.mark.parametrize("what", ["colour", "name"])
def test_the_poles_can_be_told_apart(desk, what):
    poles = desk.data["poles"]
    poles["b"][what] = poles["a"][what]

    assert desk.found() == [(f"poles.b.{what}", f"Both poles have this {what}. Choose another.")]


@pytest.mark.parametrize("hours", [[], [2, 4], [2, 4, 6, 8], [0, 4, 6]])
def test_each_step_of_a_plan_has_its_hours(desk, hours):
    desk.data["study"]["step_hours"] = hours

    assert desk.found() == [
        (
            "study.step_hours",
            "Give 3 numbers of hours: from 0 to 1, from 1 to 2 and from 2 to 3.",
        )
    ]


def test_a_recommendation_does_not_lead_down(desk):
    desk.data["study"]["recommendations"][1].update(level_from=3, level_to=2)

    assert desk.found() == [
        (
            "study.recommendations.1.level_to",
            "This leads down from 3. Give a level that is higher.",
        )
    ]


def test_a_recommendation_may_keep_a_level(desk):
    desk.data["study"]["recommendations"][1].update(level_from=2, level_to=2)

    assert desk.found() == []


# Counting


def test_words_are_what_spaces_part():
    assert words("It's a B2B-product – (nearly) 3.5 ... done") == [
        "It's",
        "a",
        "B2B-product",
        "(nearly)",
        "3.5",
        "done",
    ]


def test_sentences_end_with_a_stop_or_a_line():
    assert sentences("One. Two! “Three?” Four\nfive\n\n…") == [
        "One.",
        "Two!",
        "“Three?",
        "Four",
        "five",
    ]


def test_reading_age_grows_with_the_length_of_words_and_sentences():
    easy = reading_age(["The cat sat on the mat. It was glad."])
    hard = reading_age(["Organisational responsibility necessitates considerable deliberation."])

    assert easy < 8
    assert hard > 20
    assert reading_age([]) == reading_age(["a"])


def test_reading_age_is_the_grade_and_five():
    # 10 words, 2 sentences, 10 syllables.
    age = reading_age(["The cat sat on a mat. It was so glad."])

    assert age == pytest.approx(0.39 * 10 / 2 + 11.8 * 1 - 15.59 + 5)


def test_a_warning_stops_nothing():
    assert warning(("items", 0), "Look.").level == "warning"
