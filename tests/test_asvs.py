"""The pages of docs that name tests name some that exist; and a few that have no other place."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.conf import global_settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.test import Client

ROOT = Path(__file__).parent.parent
ASVS = ROOT / "docs" / "asvs.md"
NAMED = re.compile(r"`(?:tests/)?([\w/]+\.py)::(\w+)`")
ROW = re.compile(
    r"^\| (\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| ([^|]+) \| ([^|]*) \|$", re.MULTILINE
)
VERDICTS = {"holds", "partly", "does not hold", "operator", "n/a"}
# How many requirements of level 1 or 2 the sections of ASVS 5.0.0 have, each numbered from 1 but
# for those left out in between, which are of level 3.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
    "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4,
    "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
}  # fmt: skip


def rows() -> list[tuple[str, ...]]:
    """Id, level, requirement, verdict and where, of each requirement."""
    return ROW.findall(ASVS.read_text())


def functions_of(file: Path) -> set[str]:
    tree = ast.parse(file.read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("name", ["asvs", "security", "accessibility"])
def test_every_test_that_is_named_exists(name: str):
    named = set(NAMED.findall((ROOT / "docs" / f"{name}.md").read_text()))
    known = {file: functions_of(ROOT / "tests" / file) for file, _name in named}
    assert len(named) > 10
    assert [f"{file}::{name}" for file, name in sorted(named) if name not in known[file]] == []


def test_every_requirement_of_level_1_and_2_has_one_row_with_a_verdict():
    found = rows()
    ids = [row[0] for row in found]
    assert [one for one, count in Counter(ids).items() if count > 1] == []
    assert Counter(one.rpartition(".")[0] for one in ids) == SECTIONS
    assert ids == sorted(ids, key=lambda one: tuple(map(int, one.split("."))))
    assert {row[3] for row in found} <= VERDICTS
    # What does not quite hold says what is missing.
    assert [row[0] for row in found if row[3] in {"partly", "does not hold"} and not row[4]] == []


def test_no_line_of_the_table_is_read_as_none():
    lines = [line for line in ASVS.read_text().splitlines() if re.match(r"\| \d", line)]
    assert len(lines) == len(rows())


# --- 3.2.2, 4.1.1, 11.4.2, 13.2.3, 13.4 ---------------------------------------------------------


def test_no_script_writes_markup_or_runs_text():
    bad = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|Function\(")
    scripts = list((ROOT / "static" / "js").glob("*.js"))
    assert len(scripts) > 3
    assert [file.name for file in scripts if bad.search(file.read_text())] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/nowhere/", "text/html; charset=utf-8"),
        ("/healthz", "text/plain"),
    ],
)
def test_every_kind_of_answer_says_what_it_is(path: str, kind: str):
    assert Client().get(path).headers["Content-Type"] == kind


def test_passwords_are_hashed_with_the_rounds_of_djangos_release(settings):
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
    made = make_password("seven grey herons upstairs")
    algorithm, rounds, _salt, _hash = made.split("$")
    assert (algorithm, int(rounds)) == ("pbkdf2_sha256", PBKDF2PasswordHasher.iterations)
    assert int(rounds) >= 600_000
    source = (ROOT / "roleassess" / "settings.py").read_text()
    assert "PASSWORD_HASHERS" not in source


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "SITE_URL"])
def test_a_start_without_its_secrets_stops_with_their_name(name: str):
    environment = {key: value for key, value in os.environ.items() if key != name}
    code = "import roleassess.settings"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert name in done.stderr


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/.git/config", "/.env", "/requirements.txt", "/static/", "/static/css/",
        "/static/../manage.py", "/static/%2e%2e/manage.py", "/static//etc/hostname", "/var/",
    ],
)  # fmt: skip
def test_nothing_of_the_source_is_served(path: str):
    assert Client().get(path).status_code in {404, 302}
    assert Client().get(path).headers.get("Location", "/account/login/").startswith("/account/")
