"""The impact of publishing equals what publishing does; and it changes nothing itself."""

import copy
import io
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.editing.impact import BATCH, RUNS_KEPT, impact_of, run_impact
from assessments.editing.models import ImpactRun
from assessments.errors import DomainError
from assessments.instrument.canonical import canonical_json
from assessments.instrument.document import SIDES
from assessments.instrument.document import Questionnaire as Document
from assessments.instrument.files import read_data
from assessments.instrument.needs import needs
from assessments.people.models import User
from assessments.questionnaires.editions import PublishedEdition, published_edition
from assessments.questionnaires.models import Questionnaire
from assessments.questionnaires.services import freeze, load_onto_desk
from assessments.reports.models import StudyPlan
from assessments.reports.plan_page import first_plan
from assessments.reports.services import plan_or_new
from assessments.responses.models import Attempt
from assessments.responses.services import continue_on_form, finish, keep_background
from assessments.scoring import Report
from assessments.scoring.impact import Tally
from tests import takers
from tests.cast import answer, new_attempt, published, shipped_questionnaire, signed_in
from tests.instrument.small import small
from tests.privacy.rows import all_rows

pytestmark = pytest.mark.django_db
Plain = Any
Edit = Callable[[Plain], None]
# What the edits below move, each for somebody.
MOVING = {
    "headline", "quality", "ranking", "first_role", "first_theme", "verdict", "readiness_a",
    "left out", "lacks a step",
}  # fmt: skip


def plain(document: Document) -> Plain:
    return json.loads(canonical_json(document))


def on_desk(document: Document) -> tuple[Questionnaire, PublishedEdition]:
    """The document as desk and as edition."""
    desk = load_onto_desk(document=document, at=timezone.now())
    return desk, published(document)


def people(edition: PublishedEdition, count: int, seed: int = 1) -> list[Attempt]:
    """Finished attempts: all forms, some with skips, some with a goal or a plan of their own."""
    rng, document = random.Random(seed), plain(edition.document)
    styles = (takers.steady_taker, takers.steady_taker, takers.random_taker)
    attempts = []
    for number in range(count):
        form = list(edition.document.form)[number % 3 == 2]
        given = styles[number % len(styles)](document, form, rng)
        if number % 4 == 0:
            given |= dict.fromkeys(rng.sample(sorted(given), len(given) // 6))
        if number % 9 == 0:
            given |= {key: 0 for key, value in given.items() if isinstance(value, int)}
        attempt = new_attempt(edition, form)
        answer(attempt, given)
        goal = rng.choice(["", *edition.document.role])
        keep_background(attempt=attempt, background={}, goal=goal)
        finish(attempt=attempt, at=timezone.now())
        if number % 5 == 0:
            StudyPlan.objects.create(
                attempt=attempt, hours_per_week=1, weeks=2, started_on=timezone.now().date()
            )
        attempts.append(attempt)
    return attempts


# --- Edits of the desk -------------------------------------------------------------------------


def texts_only(data: Plain) -> None:
    data["dimensions"][0]["texts"]["both"] += " And more."
    data["study"]["recommendations"][0]["title"] = "Otherwise"


def reword(data: Plain) -> None:
    data["items"][0]["left"]["text"] += " indeed"


def rekey(data: Plain) -> None:
    left, right = data["items"][0]["left"], data["items"][0]["right"]
    left["pole"], right["pole"] = right["pole"], left["pole"]
    rating = next(item for item in data["items"] if item["kind"] == "rating")
    rating["side"] = "b" if rating["side"] == "a" else "a"


def retarget(data: Plain) -> None:
    for role in data["roles"]:
        for target in role["targets"].values():
            target["position"] *= -1


def empty_a_cell(data: Plain) -> None:
    first = data["dimensions"][0]["key"]
    study = data["study"]
    gone = {
        row["key"]
        for row in study["recommendations"]
        if (row.get("dimension"), row["level_from"]) == (first, 1) and not row.get("role")
    }
    study["recommendations"] = [r for r in study["recommendations"] if r["key"] not in gone]


def reweigh(data: Plain) -> None:
    for dimension in data["dimensions"][:2]:
        dimension["half_weight"] = not dimension.get("half_weight", False)


def drop_form(data: Plain) -> None:
    data["forms"] = data["forms"][:1]


def drop_role(data: Plain) -> None:
    gone = data["roles"][0]["key"]
    data["roles"] = data["roles"][1:]
    for role in data["roles"]:
        role["near"] = [near for near in role.get("near", []) if near["role"] != gone]
    rows = data["study"]["recommendations"]
    data["study"]["recommendations"] = [row for row in rows if row.get("role") != gone]


def drop_dimension(data: Plain) -> None:
    gone = data["dimensions"].pop()["key"]
    kept = {item["key"] for item in data["items"] if item["dimension"] != gone}
    data["items"] = [item for item in data["items"] if item["key"] in kept]
    for form in data["forms"]:
        for section in form["sections"]:
            section["items"] = [key for key in section["items"] if key in kept]
        form["sections"] = [section for section in form["sections"] if section["items"]]
    for role in data["roles"]:
        del role["targets"][gone]
    study = data["study"]
    study["tie_order"].remove(gone)
    rows = study["recommendations"]
    study["recommendations"] = [row for row in rows if row.get("dimension") != gone]


def reword_the_stem(data: Plain) -> None:
    data["stems"]["pair"] += " Really?"
    data["stems"]["rating"] += " Really?"
    for item in data["items"]:
        if item["kind"] == "scenario":
            item["text"] += " Really."


EDITS: tuple[Edit, ...] = (
    texts_only, reword, rekey, retarget, empty_a_cell, reweigh, drop_form, drop_role,
    drop_dimension, reword_the_stem,
)  # fmt: skip


def edited(document: Document, *edits: Edit) -> Document:
    data = copy.deepcopy(plain(document))
    for edit in edits:
        edit(data)
    return read_data(data)


# --- What publishing really does ---------------------------------------------------------------


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    published_edition.cache_clear()


def says(report: Report, document: Document, attempt: Attempt) -> dict[tuple[str, str], Any]:
    """What pages would show of a result, taken from its stored JSON and from its plan."""
    told = json.loads(report.canonical())
    chosen = plan_or_new(attempt=attempt, document=document, today=timezone.now().date())
    goal = attempt.goal if attempt.goal in document.role else ""
    plan = first_plan(document, report, chosen, goal=goal)
    theme = next(iter(plan.themes), None) if plan else None
    found = {
        ("headline", ""): told["overall"]["verdict"],
        ("readiness_a", ""): told["overall"]["readiness_a"]["band"],
        ("readiness_b", ""): told["overall"]["readiness_b"]["band"],
        ("quality", ""): told["quality"]["level"],
        ("ranking", ""): told["rank_by"] if told["roles"] else None,
        ("first_role", ""): told["roles"][0]["key"] if told["roles"] else None,
        ("first_theme", ""): f"{theme.dimension} {theme.side}" if theme else None,
    }
    for row in told["dimensions"]:
        found["verdict", row["key"]] = row["verdict"]
        found["readiness_a", row["key"]] = row["readiness_a_band"]
        found["readiness_b", row["key"]] = row["readiness_b_band"]
    return found


def lacks_a_step(report: Report, document: Document, goal: str) -> bool:
    """Whether some level that the role needs and the person lacks has no row in the library."""
    key = goal if goal in document.role else report.roles[0].key if report.roles else ""
    if not key or report.quality.level == "low":
        return False
    rows = [row for row in document.study.recommendations if not row.role]
    there = {(row.dimension, row.side, row.level_from) for row in rows}
    return any(
        (row.key, side, level) not in there
        for row in report.dimensions
        for side, need in zip(SIDES, needs(document.role[key], row.key), strict=True)
        if (has := row.readiness(side)) is not None
        for level in range(int(has), need)
    )


def republished(desk: Questionnaire, document: Document, attempts: list[Attempt]) -> Counter[Any]:
    """Publish for real, take the same answers again, and count what is told otherwise.

    By ("compared",), ("left out",) and (what, dimension, before, after).
    """
    found: Counter[Any] = Counter()
    now = timezone.now()
    edition = published_edition(freeze(questionnaire=desk, document=document, at=now).pk)
    for attempt in attempts:
        if attempt.form not in document.form:
            found["left out",] += 1
            continue
        again = continue_on_form(attempt=attempt, edition=edition, form=attempt.form, at=now)
        try:
            stored = finish(attempt=again, at=now)
        except DomainError:
            found["left out",] += 1
            continue
        for plan in StudyPlan.objects.filter(attempt=attempt):
            plan.pk = again.pk
            plan.save(force_insert=True)
        again.refresh_from_db()
        before_document = published_edition(attempt.edition_id).document
        reports = Report.parse(attempt.report.document), Report.parse(stored.document)
        before = says(reports[0], before_document, attempt)
        after = says(reports[1], document, again)
        found["compared",] += 1
        differing = {key for key in before.keys() & after.keys() if before[key] != after[key]}
        found["otherwise",] += bool(differing)
        found["lacks a step",] += lacks_a_step(reports[1], document, attempt.goal)
        found.update((*key, before[key] or "", after[key] or "") for key in differing)
    return found


def counted(tally: Tally) -> Counter[Any]:
    """The same of a tally."""
    found: Counter[Any] = Counter(
        {
            ("compared",): tally.compared,
            ("left out",): tally.left_out.total(),
            ("otherwise",): tally.changed,
            ("lacks a step",): tally.gap_after,
        }
    )
    for move, count in tally.moves.items():
        found[(*move.told, move.before, move.after)] += count
    return +found


A_FEW = ((rekey, retarget), (drop_form, empty_a_cell, drop_dimension), (drop_role, rekey))


@pytest.mark.parametrize(
    ("document", "count", "edits"),
    [
        pytest.param(small, 12, A_FEW, id="a few"),
        pytest.param(small, 40, [(edit,) for edit in EDITS], id="small", marks=pytest.mark.soak),
        pytest.param(
            shipped_questionnaire,
            60,
            [(edit,) for edit in EDITS],
            id="shipped",
            marks=pytest.mark.soak,
        ),
    ],
)
def test_it_equals_publishing_and_taking_the_same_answers_again(document, count, edits):
    desk, edition = on_desk(document())
    attempts = people(edition, count)
    today = timezone.now().date()
    seen = Counter()
    for some in edits:
        changed = edited(edition.document, *some)
        with undone():
            desk = load_onto_desk(document=changed, at=timezone.now())
            tally = impact_of(questionnaire=desk, document=changed, last=1000, today=today)
            expected = +republished(desk, changed, attempts)
        assert counted(tally) == expected, some
        assert tally.people == count
        seen.update(key[0] for key in expected)
    # Else the test would agree about nothing.
    assert set(seen) >= MOVING


# --- What it leaves alone ----------------------------------------------------------------------


def test_nothing_stored_changes_but_its_own_row():
    desk, edition = on_desk(small())
    people(edition, 6)
    load_onto_desk(document=edited(edition.document, rekey, retarget), at=timezone.now())
    before = all_rows()

    run_impact(questionnaire=desk, last=1000, at=timezone.now())

    after = all_rows()
    changed = {table for table in before if before[table] != after[table]}
    assert changed <= {ImpactRun._meta.db_table, "sqlite_sequence"}
    assert ImpactRun.objects.count() == 1


def test_the_desk_as_published_changes_nothing_for_anybody():
    desk, edition = on_desk(small())
    people(edition, 9)
    result = run_impact(questionnaire=desk, last=1000, at=timezone.now()).result
    assert (result["people"], result["compared"], result["told_otherwise"]) == (9, 9, 0)
    assert {one["differ"] for one in result["whole"]} == {0}
    assert [one["dimension"] for one in result["dimensions"]] == list(edition.document.dimension)


def test_only_the_newest_are_looked_at_and_only_finished_ones_of_this_questionnaire():
    desk, edition = on_desk(small())
    attempts = people(edition, 8)
    answer(new_attempt(edition), {"time-1": 1})
    people(published(), 1)
    today = timezone.now().date()

    def looked_at(last: int) -> int:
        return impact_of(
            questionnaire=desk, document=edition.document, last=last, today=today
        ).people

    assert (looked_at(1000), looked_at(6)) == (8, 6)
    changed = edited(edition.document, drop_form)
    newest = impact_of(questionnaire=desk, document=changed, last=2, today=today)
    assert newest.left_out["form"] == sum(one.form == "short" for one in attempts[-2:])


def test_the_queries_do_not_grow_within_a_batch(django_assert_num_queries):
    desk, edition = on_desk(small())
    people(edition, 2)
    today = timezone.now().date()
    for more in (0, 4):
        people(edition, more, seed=2)
        with django_assert_num_queries(4):
            impact_of(questionnaire=desk, document=edition.document, last=BATCH, today=today)


def test_what_cannot_be_read_is_left_out_and_counted():
    desk, edition = on_desk(small())
    people(edition, 5)
    broken = new_attempt(edition)
    # As of a day when nothing looked after it: finished, and no report.
    Attempt.objects.filter(pk=broken.pk).update(finished_at=timezone.now())
    tally = impact_of(
        questionnaire=desk, document=edition.document, last=10, today=timezone.now().date()
    )
    assert (tally.compared, dict(tally.left_out)) == (5, {"unreadable": 1})


def test_only_the_last_few_runs_are_kept():
    desk, _edition = on_desk(small())
    for _ in range(RUNS_KEPT + 2):
        last = run_impact(questionnaire=desk, last=5, at=timezone.now())
    assert desk.impact_runs.count() == RUNS_KEPT
    assert desk.impact_runs.first() == last


def test_it_names_neither_attempts_nor_people():
    desk, edition = on_desk(small())
    attempts = people(edition, 12)
    load_onto_desk(document=edited(edition.document, rekey), at=timezone.now())
    result = run_impact(questionnaire=desk, last=1000, at=timezone.now()).result
    text = json.dumps(result)
    assert not [attempt for attempt in attempts if str(attempt.pk) in text]
    assert smallest(result) >= 5


def smallest(value: Any) -> int:
    """The smallest figure of people but nought; places, levels and ids are none."""
    if isinstance(value, dict):
        skipped = {"last", "level", "edition"}
        return min((smallest(v) for key, v in value.items() if key not in skipped), default=5)
    if isinstance(value, list):
        return min(map(smallest, value), default=5)
    return value if isinstance(value, int) and value else 5


# --- The command -------------------------------------------------------------------------------


def test_the_command_prints_and_stores_the_run():
    desk, edition = on_desk(small())
    people(edition, 6)
    out = io.StringIO()
    call_command("impact", desk.slug, "--last", "100", stdout=out)
    run = desk.impact_runs.get()
    assert json.loads(out.getvalue()) == run.result
    assert (run.last, run.by, run.result["people"]) == (100, None, 6)


def refused(*arguments: str) -> int:
    with pytest.raises(CommandError) as error:
        call_command("impact", *arguments, stdout=io.StringIO())
    return error.value.returncode


def test_the_command_says_no_to_a_desk_that_is_no_document():
    desk, _edition = on_desk(small())
    Questionnaire.objects.filter(pk=desk.pk).update(title="")
    assert refused(desk.slug) == 1
    assert refused("nothing-of-that-name") == 2
    assert refused(desk.slug, "--last", "0") == 2
    assert not ImpactRun.objects.exists()


# --- The page ----------------------------------------------------------------------------------


@pytest.fixture
def editor() -> Client:
    return signed_in(User.objects.create_superuser("editor@example.org"))


@pytest.fixture(autouse=True)
def _without_second_factor(settings) -> None:
    settings.REQUIRE_STAFF_MFA = False


def test_the_page_runs_it_and_says_when_the_desk_has_changed_since(editor):
    desk, edition = on_desk(small())
    people(edition, 6)
    page = reverse("admin:desk-impact", args=[desk.pk])
    assert "not been worked out yet" in editor.get(page).text
    assert editor.post(reverse("admin:desk-impact-run", args=[desk.pk])).url == page
    assert desk.impact_runs.get().by == User.objects.get(email="editor@example.org")
    shown = editor.get(page).text
    assert "Compared: 6." in shown
    assert "has changed since" not in shown
    load_onto_desk(document=edited(edition.document, rekey), at=timezone.now())
    assert "has changed since" in editor.get(page).text


def test_the_page_says_when_the_desk_is_no_document(editor):
    desk, _edition = on_desk(small())
    run_impact(questionnaire=desk, last=5, at=timezone.now())
    Questionnaire.objects.filter(pk=desk.pk).update(title="")
    page = editor.get(reverse("admin:desk-impact", args=[desk.pk])).text
    assert "not a whole questionnaire yet: 1 thing is missing" in page
    assert 'type="submit" value="Work it out' not in " ".join(page.split())
    run = editor.post(reverse("admin:desk-impact-run", args=[desk.pk]), follow=True)
    assert "Mend it first" in run.text
    assert desk.impact_runs.count() == 1
