"""The page of two attempts: the choice, the order, what is said and what is not."""

import io
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from assessments.instrument.canonical import digest
from assessments.instrument.document import Questionnaire, Value
from assessments.instrument.wording import item_words
from assessments.reports.change_words import headline
from assessments.reports.compare import ComparePage, compare_page
from assessments.responses import services
from assessments.responses.models import Attempt
from assessments.scoring import AnswerSheet, write_report
from assessments.scoring.change import compare
from assessments.scoring.verify import export
from tests.cast import answer, holder_of, new_attempt, published, shipped_questionnaire
from tests.instrument.small import small

DOCUMENT = shipped_questionnaire()
METRICS = {"metrics-pair-1": -2, "metrics-pair-2": -2}
EARLY, LATE = datetime(2025, 11, 4, 9, tzinfo=UTC), datetime(2026, 3, 12, 9, tzinfo=UTC)


def steady(form: str = "full", **but: Value) -> dict[str, Value]:
    """Readable answers that lean a little to side b, with some of them changed."""
    answers: dict[str, Value] = {}
    for number, item in enumerate(DOCUMENT.items_of(DOCUMENT.form[form])):
        if item.kind == "pair":
            answers[item.key] = number % 2
        elif item.kind == "rating":
            answers[item.key] = 2
        else:
            answers[item.key] = item.options[0].key
    return answers | {key.replace("_", "-"): value for key, value in but.items()}


def shown(
    first: Mapping[str, Value],
    second: Mapping[str, Value],
    *,
    forms: tuple[str, str] = ("full", "full"),
    later: Questionnaire = DOCUMENT,
) -> ComparePage:
    sides: list[Any] = []
    for number, (document, form, answers) in enumerate(
        zip((DOCUMENT, later), forms, (first, second), strict=True), 1
    ):
        sheet = AnswerSheet(form, answers)
        report = write_report(document, sheet, edition=number, edition_digest=f"sha256:{number}")
        sides += [document, sheet, report]
    change = compare(*sides)
    return compare_page(DOCUMENT, later, change, first_at="4 May", second_at="5 June")


def finished_at(at: datetime, answers: Mapping[str, Value], form: str = "full") -> Attempt:
    attempt = new_attempt(published(), form)
    answer(attempt, answers)
    services.finish(attempt=attempt, at=at)
    attempt.refresh_from_db()
    return attempt


def get(client: Client, *attempts: Attempt) -> Any:
    query = "&".join(f"{n}={a.pk}" for n, a in zip("ab", attempts, strict=False))
    return client.get(f"{reverse('reports:compare')}?{query}")


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# --- What is said -------------------------------------------------------------------------------


def test_the_headline_counts_the_real_changes_and_the_lists_hold_them():
    moved = dict.fromkeys(("metrics", "design", "stakeholders"), 1)
    first = steady(**{f"{key}_pair_{n}": -2 for key in moved for n in (1, 2)})
    second = steady(**{f"{key}_pair_{n}": 2 for key in moved for n in (1, 2)})
    page = shown(first, second)
    names = {DOCUMENT.dimension[key].name for key in moved}
    assert {row.name for row in page.changed.preference} == names
    assert page.headline == "Four things really changed"  # and the total
    assert "you moved towards B2B in the total, " in page.lede
    assert {row.move for row in page.changed.preference} == {"200 towards B2B"}
    assert {row.then for row in page.changed.preference} == {"100 to B2C, then 100 to B2B"}
    rest = [*page.probably.preference, *page.noise.preference]
    assert names.isdisjoint(row.name for row in rest)
    assert len(rest) == 14 - 3


def test_only_real_changes_are_coloured():
    page = shown(steady(), steady(metrics_pair_1=-2, metrics_pair_2=-2, design_did_b=4))
    (changed,) = page.changed.preference
    assert (changed.track.towards, changed.track.side) == ("a", "a")
    others = [page.probably, page.noise]
    tracks = [row.track for rows in others for row in (*rows.preference, *rows.readiness)]
    assert {(track.side, track.towards) for track in tracks} == {("none", "none")}


def test_a_readiness_that_changed_is_said_for_its_side():
    ratings = {i.key: 4 for i in DOCUMENT.items if i.kind == "rating" and i.side == "b"}
    page = shown(steady(), steady() | ratings)
    assert "you report more practice for B2B in the total" in page.lede
    assert page.figures[2].name == "Ready for B2B"
    assert page.figures[2].sentence.startswith("A real change. It is larger than the 15 points")
    assert page.figures[1].sentence == "No change to speak of."
    back = shown(steady() | ratings, steady())
    assert "you report less practice for B2B in the total" in back.lede


def test_nothing_moved_is_said_plainly():
    page = shown(steady(), steady())
    assert page.headline == "Nothing really changed"
    assert (page.moved, page.moved_little) == ([], [])
    assert {row.move for row in page.noise.preference} == {"No difference"}


def test_as_many_changes_as_chance_gives_are_not_called_real():
    page = shown(steady(metrics_pair_1=2, metrics_pair_2=2), steady() | METRICS)
    assert page.headline == "One change, which may well be chance"
    assert any("up to 2 would pass it all the same" in note for note in page.notes)


@pytest.mark.parametrize(
    ("count", "may_be_chance", "words"),
    [(0, False, "Nothing really changed"), (1, False, "One thing really changed"),
     (2, True, "Two changes, which may well be chance"), (12, False, "12 things really changed")],
)  # fmt: skip
def test_the_headline_is_a_count(count: int, may_be_chance: bool, words: str) -> None:
    assert headline(count, may_be_chance=may_be_chance) == words


def test_what_cannot_be_compared_is_named_with_the_reason():
    page = shown(steady(), steady(metrics_pair_1=None, metrics_pair_2=None))
    name = DOCUMENT.dimension["metrics"].name
    assert page.not_comparable == [f"What you prefer: {name} (not answered in the later attempt)"]
    (row,) = [row for row in page.table if row.name == name]
    assert row.cells[0].verdict == "not comparable"
    assert row.cells[0].then.endswith(", then –")


def test_questions_that_were_reworded_are_not_compared():
    content = DOCUMENT.model_dump(mode="json", by_alias=True)
    for item in content["items"]:
        if item["dimension"] == "metrics" and item["kind"] == "pair":
            item["left"]["text"] += " Or so."
    later = Questionnaire.model_validate_json(json.dumps(content))
    page = shown(steady(), steady() | METRICS, later=later)
    name = DOCUMENT.dimension["metrics"].name
    assert page.not_comparable == [f"What you prefer: {name} (no question in common)"]
    assert page.moved == []
    assert any("the 62 questions that both attempts share" in note for note in page.notes)
    assert any("edition 1 of the questions, the later one edition 2" in n for n in page.notes)


def test_a_short_form_gives_totals_and_no_single_topics():
    page = shown(steady("short"), steady(), forms=("short", "full"))
    assert not page.shows_topics
    assert [row.name for row in page.table] == ["Total"]
    rows = (page.changed, page.probably, page.noise)
    assert [(r.preference, r.readiness) for r in rows] == 3 * [([], [])]
    assert any("no question in common" in sentence for sentence in page.not_comparable)


def test_the_answers_that_moved_stand_there_in_words():
    page = shown(steady(metrics_did_a=0), steady(metrics_did_a=4))
    (moved,) = page.moved
    assert (moved.before, moved.after) == ("Not yet", "Led it")
    assert moved.question == item_words(DOCUMENT.item["metrics-did-a"])
    little = shown(steady(metrics_did_a=1), steady())
    assert (little.moved, len(little.moved_little)) == ([], 1)


def test_no_number_has_a_minus_sign():
    page = shown(steady() | METRICS, steady(design_did_a=0))
    rows = [row for rows in (page.changed, page.probably, page.noise) for row in rows.preference]
    texts = [page.lede, *(row.move + row.then for row in rows)]
    texts += [cell.then for row in page.table for cell in row.cells]
    assert not any("-" in text or "−" in text for text in texts)


# --- The page -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_earlier_attempt_comes_first_whatever_the_order_asked_for():
    before, after = finished_at(EARLY, steady()), finished_at(LATE, steady() | METRICS)
    client = holder_of(after, before)
    one, other = get(client, before, after), get(client, after, before)
    assert one.content == other.content
    assert "Between 4 November 2025 and 12 March 2026" in text_of(one)
    assert "100 to B2C" in text_of(one)


@pytest.mark.django_db
def test_two_attempts_of_one_day_are_told_apart_by_the_time():
    before = finished_at(EARLY, steady())
    after = finished_at(EARLY.replace(hour=15), steady())
    said = text_of(get(holder_of(before, after), before, after))
    assert "Between 4 November 2025, 09:00 and 4 November 2025, 15:00" in said


@pytest.mark.django_db
def test_without_parameters_two_are_offered_the_newest_preset():
    attempts = [finished_at(EARLY.replace(day=day), steady()) for day in (1, 2, 3)]
    page = get(holder_of(*attempts)).content.decode()
    chosen = re.findall(r'value="([^"]+)"\s+selected', page)
    assert chosen == [str(attempts[1].pk), str(attempts[2].pk)]
    assert page.count("<option") == 6


@pytest.mark.django_db
def test_one_named_attempt_is_preset_beside_the_newest_other():
    attempts = [finished_at(EARLY.replace(day=day), steady()) for day in (1, 2, 3)]
    page = get(holder_of(*attempts), attempts[0]).content.decode()
    chosen = re.findall(r'value="([^"]+)"\s+selected', page)
    assert chosen == [str(attempts[0].pk), str(attempts[2].pk)]


@pytest.mark.django_db
def test_with_one_attempt_or_none_it_says_how_a_comparison_comes_about():
    one = finished_at(EARLY, steady())
    assert "One attempt so far" in text_of(get(holder_of(one, new_attempt(published()))))
    assert "No attempt so far" in text_of(get(Client()))


@pytest.mark.django_db
def test_one_attempt_twice_is_refused_with_a_sentence():
    one, other = finished_at(EARLY, steady()), finished_at(LATE, steady())
    response = get(holder_of(one, other), one, one)
    assert response.status_code == 422
    assert "Choose two different attempts" in text_of(response)


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["nonsense", "'", "00000000-0000-0000-0000-000000000000"])
def test_what_is_no_visible_finished_attempt_does_not_exist(value: str) -> None:
    one = finished_at(EARLY, steady())
    client = holder_of(one)
    response = client.get(f"{reverse('reports:compare')}?a={one.pk}&b={value}")
    assert response.status_code == 404


@pytest.mark.django_db
def test_different_questionnaires_cannot_be_compared():
    one = finished_at(EARLY, steady())
    other = new_attempt(published(small()))
    answer(other, {"time-1": 1})
    services.finish(attempt=other, at=LATE)
    said = text_of(get(holder_of(one, other), one, other))
    assert "These two cannot be compared" in said
    assert "“Making or managing” are two questionnaires" in said


@pytest.mark.django_db
def test_answers_that_cannot_be_read_are_not_compared():
    one, other = finished_at(EARLY, steady()), finished_at(LATE, METRICS)
    said = text_of(get(holder_of(one, other), one, other))
    assert "These two cannot be compared" in said
    assert "The answers of 12 March 2026 could not be read" in said
    assert "What really changed" not in said


@pytest.mark.django_db
def test_the_result_leads_to_the_comparison_with_the_attempt_before_it():
    attempts = [finished_at(EARLY.replace(day=day), steady()) for day in (1, 2, 3)]
    client = holder_of(*attempts)

    def link(attempt: Attempt) -> Any:
        page = client.get(reverse("reports:result", args=[attempt.pk])).content.decode()
        return re.search(r'href="([^"]*compare[^"]*)"\s*>\s*([^<]*[^<\s])', page)

    first, second, third = attempts
    address, words = link(third).groups()
    assert address == f"/compare/?a={second.pk}&amp;b={third.pk}"
    assert words == "Compare with an earlier attempt"
    address, words = link(first).groups()
    assert address == f"/compare/?a={third.pk}&amp;b={first.pk}"
    assert words == "Compare with a later attempt"


@pytest.mark.django_db
def test_a_result_leads_to_no_comparison_without_another_attempt_of_its_questionnaire():
    one, taken = finished_at(EARLY, steady()), new_attempt(published())
    elsewhere = finished_at(EARLY, steady())
    other = new_attempt(published(small()))
    answer(other, {"time-1": 1})
    services.finish(attempt=other, at=LATE)
    client = holder_of(one, taken, other)
    page = client.get(reverse("reports:result", args=[one.pk])).content.decode()
    assert reverse("reports:compare") not in page
    assert Attempt.objects.filter(pk=elsewhere.pk).exists()


@pytest.mark.django_db
def test_an_attempt_that_took_over_the_answers_is_no_second_one():
    short = finished_at(EARLY, steady("short"), "short")
    longer = services.continue_on_form(attempt=short, edition=published(), form="full", at=LATE)
    answer(longer, {key: value for key, value in steady().items() if key not in steady("short")})
    services.finish(attempt=longer, at=LATE)
    client = holder_of(short, longer)
    for attempt in (short, longer):
        page = client.get(reverse("reports:result", args=[attempt.pk])).content.decode()
        assert reverse("reports:compare") not in page
    assert "took over the answers of the earlier one" in text_of(get(client, short, longer))


# --- The command --------------------------------------------------------------------------------


def exported(folder: Path, name: str, given: Mapping[str, Value], **but: Any) -> str:
    sheet = AnswerSheet("full", given)
    report = write_report(DOCUMENT, sheet, edition=1, edition_digest=digest(DOCUMENT))
    file = folder / name
    file.write_text(json.dumps({**export(DOCUMENT, sheet, report), **but}), encoding="utf-8")
    return str(file)


def refused(*files: str) -> tuple[int, str]:
    with pytest.raises(CommandError) as error:
        call_command("compare_reports", *files, stdout=io.StringIO(), stderr=io.StringIO())
    return error.value.returncode, str(error.value)


def test_the_command_prints_the_change_between_two_files(tmp_path: Path) -> None:
    a = exported(tmp_path, "a.json", steady())
    b = exported(tmp_path, "b.json", steady() | METRICS)
    out = io.StringIO()
    call_command("compare_reports", a, b, stdout=out, stderr=(errors := io.StringIO()))
    assert errors.getvalue() == ""
    change = json.loads(out.getvalue())
    assert (change["schema"], change["common"]) == ("change/1", 64)
    (metrics,) = [row for row in change["dimensions"] if row["key"] == "metrics"]
    assert metrics["preference"]["verdict"] == "changed"
    assert {m["item"] for m in change["moved"]} == set(METRICS)


def test_the_command_says_if_a_report_is_not_what_its_answers_give(tmp_path: Path) -> None:
    a = exported(tmp_path, "a.json", steady())
    b = exported(tmp_path, "b.json", steady(), answers=steady() | METRICS)
    out, errors = io.StringIO(), io.StringIO()
    call_command("compare_reports", a, b, stdout=out, stderr=errors)
    assert "b.json: the report is not what its answers give." in errors.getvalue()
    assert len(json.loads(out.getvalue())["moved"]) == 2


def test_the_command_refuses_what_cannot_be_compared_or_read(tmp_path: Path) -> None:
    a = exported(tmp_path, "a.json", steady())
    other = small()
    sheet = AnswerSheet("full", {"time-1": 1})
    report = write_report(other, sheet, edition=1, edition_digest="sha256:x")
    b = tmp_path / "b.json"
    b.write_text(json.dumps(export(other, sheet, report)), encoding="utf-8")
    code, sentence = refused(a, str(b))
    assert (code, sentence) == (
        1,
        "These cannot be compared: “pm-b2b-b2c” and “maker-manager” are different questionnaires.",
    )
    code, sentence = refused(a, str(tmp_path / "nowhere.json"))
    assert (code, "cannot be read" in sentence) == (2, True)
    code, sentence = refused(exported(tmp_path, "c.json", steady(), schema="export/9"), a)
    assert (code, "This is not an export/1 file." in sentence) == (2, True)
