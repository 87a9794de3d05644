"""The commands for people with scripts: JSON out, sentences on errors, exit codes that mean it."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from assessments.coaching.models import Client, Status
from assessments.instrument.canonical import canonical_json
from assessments.people.models import CoachProfile, User
from assessments.questionnaires.desk import read_desk
from assessments.questionnaires.models import Edition, Questionnaire
from assessments.responses.models import Attempt
from tests import takers
from tests.cast import SHIPPED, finished_attempt, holder_of, published, shipped_questionnaire
from tests.instrument.medium import medium_yaml, twelve_faults

pytestmark = pytest.mark.django_db
PLAIN = json.loads(canonical_json(shipped_questionnaire()))
EXAMPLES = json.loads(
    (Path(__file__).parent / "data" / "worked-examples.json").read_text(encoding="utf-8")
)["examples"]


def said(*arguments: str) -> Any:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return json.loads(out.getvalue())


def refused(*arguments: str) -> tuple[int, str]:
    with pytest.raises(CommandError) as error:
        call_command(*arguments, stdout=io.StringIO())
    return error.value.returncode, str(error.value)


def written(folder: Path, content: object) -> str:
    file = folder / "file.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(file)


@pytest.mark.parametrize("name", EXAMPLES)
def test_score_gives_every_number_of_the_worked_examples(name: str, tmp_path: Path) -> None:
    published()
    example = EXAMPLES[name]
    content = {
        "form": "full",
        "answers": takers.worked(PLAIN, "full", example),
        "goal": example["goal"],
        "hours_per_week": example["hours_per_week"],
        "weeks": example["weeks"],
    }
    result = said("score", written(tmp_path, content))
    overall, expected = result["report"]["overall"], example["expected"]
    close = pytest.approx
    assert overall["preference"] == close(expected["overall_preference"], abs=1e-6)
    assert overall["spread"] == close(expected["spread"], abs=1e-6)
    assert overall["verdict"] == expected["verdict"]
    assert overall["sureness"] == expected["sureness"]
    for side in ("readiness_a", "readiness_b"):
        assert overall[side]["mean"] == close(expected[side], abs=1e-6)
    roles = {role["key"]: role for role in result["report"]["roles"]}
    assert set(roles) == set(expected["roles"])
    for key, numbers in expected["roles"].items():
        for number, value in numbers.items():
            assert roles[key][number] == close(value, abs=1e-6)
    assert result["plan"]["goal"] == example["goal"]
    assert result["plan"]["budget_hours"] == example["hours_per_week"] * example["weeks"]


def test_score_writes_nothing(tmp_path: Path) -> None:
    published()
    said("score", written(tmp_path, {"form": "full", "answers": {}}))
    assert Attempt.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("not json", "is not JSON"),
        ("[]", "must hold a JSON object"),
        ({"form": "full"}, 'Needed: "form"'),
        ({"form": "long", "answers": {}}, "There is no form"),
        ({"form": "full", "answers": {"nothing": 1}}, "There is no item “nothing”"),
        ({"form": "full", "answers": {"metrics-pair-1": 3}}, "3 is not an answer"),
        ({"form": "full", "answers": {}, "mood": 1}, "Unknown: mood"),
        ({"form": "full", "answers": {}, "goal": "astronaut"}, "There is no role"),
        ({"form": "full", "answers": {}, "weeks": 0}, '"weeks" must be'),
    ],
)
def test_score_says_what_it_cannot_read(content: object, sentence: str, tmp_path: Path) -> None:
    published()
    code, message = refused("score", written(tmp_path, content))
    assert code == 2
    assert sentence in message


def test_score_and_export_say_what_does_not_exist(tmp_path: Path) -> None:
    published()
    file = written(tmp_path, {"form": "full", "answers": {}})
    assert refused("score", file, "--edition=9")[0] == 2
    assert refused("score", str(tmp_path / "none.json"))[0] == 2
    assert refused("export_questionnaire", "nothing")[0] == 2
    assert refused("export_questionnaire", "pm-b2b-b2c", "--edition=9")[0] == 2


def test_the_file_that_the_result_page_offers_verifies(tmp_path: Path) -> None:
    attempt = finished_attempt(published())
    address = reverse("reports:report-json", args=[attempt.pk])
    exported = holder_of(attempt).get(address).json()
    assert said("verify_report", written(tmp_path, exported)) == {
        "equal": True,
        "differences": [],
    }


def test_a_changed_number_is_found(tmp_path: Path) -> None:
    attempt = finished_attempt(published())
    address = reverse("reports:report-json", args=[attempt.pk])
    exported = holder_of(attempt).get(address).json()
    exported["report"]["overall"]["preference"] += 0.1
    assert refused("verify_report", written(tmp_path, exported))[0] == 1
    assert refused("verify_report", written(tmp_path, {"schema": "export/1"}))[0] == 2


def test_loading_what_was_exported_changes_nothing_byte_for_byte(tmp_path: Path) -> None:
    said("load_questionnaire", str(SHIPPED), "--publish")
    out = io.StringIO()
    call_command("export_questionnaire", "pm-b2b-b2c", "--edition=1", stdout=out)
    assert out.getvalue() == SHIPPED.read_text(encoding="utf-8")
    before = read_desk(Questionnaire.objects.get()).plain
    file = tmp_path / "again.yaml"
    file.write_text(out.getvalue(), encoding="utf-8")
    assert said("load_questionnaire", str(file), "--publish")["edition"] == 1
    assert read_desk(Questionnaire.objects.get()).plain == before
    assert Edition.objects.count() == 1


def test_a_file_with_faults_tells_them_all_and_stores_nothing(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    broken = text.replace("kind: pair", "kind: duo", 1).replace("language: en", "langage: en", 1)
    file = tmp_path / "broken.yaml"
    file.write_text(broken, encoding="utf-8")
    said("load_questionnaire", str(SHIPPED))
    before = read_desk(Questionnaire.objects.get()).plain
    code, message = refused("load_questionnaire", str(file), "--publish")
    assert code == 1
    assert "line" in message
    assert "langage" in message
    assert "duo" in message
    assert read_desk(Questionnaire.objects.get()).plain == before


@pytest.mark.parametrize("options", [(), ("--dry-run",), ("--publish",)])
def test_twelve_faults_are_told_in_one_go_and_nothing_changes(
    options: tuple[str, ...], tmp_path: Path
) -> None:
    published()
    kept = everything_stored()
    text, faults = twelve_faults()
    file = tmp_path / "twelve.yaml"
    file.write_text(text, encoding="utf-8")
    code, message = refused("load_questionnaire", str(file), *options)
    assert (code, message.splitlines()) == (1, [f"{file} has faults:", *faults])
    assert everything_stored() == kept


def test_a_dry_run_gives_the_lines_of_what_stops_publishing(tmp_path: Path) -> None:
    file = tmp_path / "medium.yaml"
    file.write_text(medium_yaml(), encoding="utf-8")
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"^This cannot be published yet\.$"):
        call_command("load_questionnaire", str(file), "--dry-run", stdout=out)
    told = [fault["fault"] for fault in json.loads(out.getvalue())["faults"]]
    lines = [int(fault.removeprefix("line ").partition(":")[0]) for fault in told]
    assert len(lines) > 1
    assert lines == sorted(lines)
    form = medium_yaml().splitlines()[lines[0] - 1]
    assert form == "  - key: full"


def test_a_dry_run_stores_nothing_and_says_no_to_what_cannot_be_published(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert said("load_questionnaire", str(SHIPPED), "--dry-run")["faults"] == []
    file = tmp_path / "unbalanced.yaml"
    file.write_text(text.replace("minutes_max: 12", "minutes_max: 1"), encoding="utf-8")
    assert refused("load_questionnaire", str(file), "--dry-run")[0] == 1
    code, message = refused("load_questionnaire", str(file), "--publish")
    assert code == 1
    line = text[: text.index("  - key: full\n")].count("\n") + 1
    assert message.startswith(f"This cannot be published yet.\nline {line}: forms.0: This takes ")
    assert Edition.objects.count() == 1


def test_the_schema_is_a_json_schema() -> None:
    schema = said("questionnaire_schema")
    assert schema["additionalProperties"] is False
    assert "items" in schema["properties"]


def test_the_demo_makes_every_state_once() -> None:
    published()
    out = io.StringIO()
    call_command("make_demo", stdout=out)
    printed, kept = out.getvalue(), everything_stored()
    # One private link for each invented person without an account.
    assert Attempt.objects.filter(owner=None, invited_by=None).count() == printed.count("/a/")
    verdicts = {json.loads(a.report.document)["overall"]["verdict"]
                for a in Attempt.objects.finished()}  # fmt: skip
    assert verdicts >= {"strong_a", "leans_b", "mixed", "even", "too_close", "none"}
    [desk] = CoachProfile.objects.all()
    clients = Client.objects.filter(coach=desk.user).with_status(timezone.now())
    assert {client.status for client in clients} == set(Status.values)
    for email, path in (
        (desk.user.email, reverse("coaching:desk")),
        ("priya@example.org", reverse("reports:mine")),
    ):
        [password] = re.findall(rf"{email}  (\S+)  \S+{path}\n", printed)
        assert User.objects.get(email=email).check_password(password)
    again = io.StringIO()
    call_command("make_demo", stdout=again)
    assert again.getvalue() == printed
    assert everything_stored() == kept


def everything_stored() -> dict[str, list[Any]]:
    """Every row of every table of ours."""
    models = apps.get_app_config("assessments").get_models()
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in models}
