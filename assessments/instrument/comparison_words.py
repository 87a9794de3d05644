"""What a change of the questionnaire means, said to an editor."""

import math
from collections.abc import Iterator, Sequence

from assessments.instrument.comparability import FormShare, Meaning, is_scoring
from assessments.instrument.differences import Difference
from assessments.instrument.document import Questionnaire

OLD_RESULTS_STAY = "Results that are there stay as they are, with the questions that they rest on."
SCORES = {
    "preference": "preference",
    "readiness_a": "readiness for {a}",
    "readiness_b": "readiness for {b}",
}
WORDINGS = {
    "stems.pair": "The question before all pairs was reworded: each is a new question.",
    "anchors.pair": "The five positions between the statements of all pairs were reworded: "
    "each pair is a new question.",
    "stems.rating": "The question before all ratings was reworded: each is a new question.",
    "anchors.rating": "The five answers to all ratings were reworded: each is a new question.",
}


def comparison_sentences(
    before: Questionnaire,
    after: Questionnaire,
    meaning: Meaning,
    found: Sequence[Difference],
) -> tuple[str, ...]:
    """What an editor needs to know before publishing, the most important first."""
    return tuple(_sentences(before, after, meaning, found))


def _sentences(
    before: Questionnaire,
    after: Questionnaire,
    meaning: Meaning,
    found: Sequence[Difference],
) -> Iterator[str]:
    match meaning.level:
        case "none":
            yield "Nothing differs."
            return
        case "items":
            yield from _items(before, after, meaning, found)
        case "scores":
            yield "Every question stays the same, and answers are compared question by question."
        case _ if all(_is_file_order(difference) for difference in found):
            yield "Only the order of the questions in the file differs; takers do not see that."
            return
        case _:
            yield (
                "Every question stays the same: answers are compared question by question, and "
                "the same answers give the same scores."
            )
    yield from _scores(before, after, found)
    yield (
        "Role fits change: the same scores give other fits."
        if meaning.role_fits_change
        else "The roles and their targets stay the same."
    )
    yield (
        "Study plans change: other steps, hours or order."
        if meaning.plans_change
        else "Study plans keep their steps, hours and order."
    )
    yield OLD_RESULTS_STAY


def _items(
    before: Questionnaire,
    after: Questionnaire,
    meaning: Meaning,
    found: Sequence[Difference],
) -> Iterator[str]:
    reworded = {difference.field for difference in found if difference.part == ("questionnaire",)}
    for field, sentence in WORDINGS.items():
        if any(f == field or f.startswith(f"{field}.") for f in reworded):
            yield sentence
    for key, form in before.form.items():
        if key not in after.form:
            yield f"The form “{form.title}” is gone: nobody can take it again."
    for key, form in after.form.items():
        if key not in before.form:
            yield f"The form “{form.title}” is new."
    for share in meaning.forms:
        yield from _form(after, share)


def _form(document: Questionnaire, form: FormShare) -> Iterator[str]:
    where = f"“{form.title}”"
    if form.same == form.before == form.after:
        yield f"{where} keeps all of its {form.after} questions."
        return
    # Rounded down: 100 % must mean all.
    yield (
        f"{form.same} of {form.after} questions of {where} stay the same "
        f"({math.floor(100 * form.share)} %; it had {form.before}). Only these are compared "
        "between old and new results."
    )
    for score, words in SCORES.items():
        lost = ", ".join(f"“{row.name}”" for row in form.dimensions if score in row.lost)
        if lost:
            told = words.format(a=document.poles.a.name, b=document.poles.b.name)
            where_lost = "any dimension" if score in form.lost else lost
            yield f"On {where}, {told} can no longer be compared on {where_lost}."
    thinner = [f"“{r.name}” ({r.same} of {r.after})" for r in form.dimensions if not r.lost]
    if thinner:
        yield f"On {where}, comparisons rest on fewer questions on {', '.join(thinner)}."


def _scores(
    before: Questionnaire, after: Questionnaire, found: Sequence[Difference]
) -> Iterator[str]:
    """What makes the same answers give other scores; none where nothing does."""
    told = [difference for difference in found if is_scoring(difference)]
    for difference in told:
        part, key, *_ = difference.part
        if part == "forms":
            yield (
                f"The rules of “{after.form[key].title}” change what its result shows: "
                "the same answers may give another headline or quality."
            )
            continue
        name = (after.dimension.get(key) or before.dimension[key]).name
        match difference.field:
            case "":
                yield f"The dimension “{name}” is {_told(difference)}."
            case "half_weight":
                weight = "half" if after.dimension[key].half_weight else "fully"
                yield f"“{name}” counts {weight} in the overall preference now."
            case _:
                yield f"“{name}” is told with another cluster on forms without rows."
    if told:
        yield "A comparison of an old and a new result works out both in the new way."


def _told(difference: Difference) -> str:
    return "new" if difference.kind == "added" else "gone"


def _is_file_order(difference: Difference) -> bool:
    return difference.part[0] == "items" and not difference.field and difference.kind == "moved"
