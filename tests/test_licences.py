"""What ships may ship (ASVS 15.1.2)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import licences
from licences import ALLOWED, READ, ROOT, UNKNOWN, Shipped, faults, is_allowed, shipped, table


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What a listing reads, to be changed."""
    for folder in ("static/vendor", "assessments/content"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "requirements.txt").write_text("django==5.2.19 \\\n    --hash=sha256:00\n")
    return tmp_path


def test_everything_that_ships_has_a_licence_that_is_allowed():
    assert faults(shipped(ROOT)) == []


def test_every_package_of_the_lock_is_listed_and_the_files_of_others():
    names = [thing.name for thing in shipped(ROOT)]
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    locked = [line.partition("==")[0] for line in lines if line[:1].isalnum()]
    assert names == [
        *locked,
        "static/vendor/bootstrap.min.css",
        "engineer-or-manager.yaml",
        "pm-b2b-b2c.yaml",
    ]
    assert len(locked) > 40


def test_what_was_read_is_of_packages_that_ship_and_do_not_say_it_themselves():
    listed = {thing.name: thing.licence for thing in shipped(ROOT)}
    assert {name: listed.get(name) for name in READ} == READ


def test_what_is_not_allowed_is_told(copy: Path, monkeypatch, capsys):
    monkeypatch.delitem(ALLOWED, "BSD-3-Clause")
    monkeypatch.setattr(licences, "ROOT", copy)
    assert licences.main() == 1
    said = "django: its licence is BSD-3-Clause, which licences.py does not allow.\n"
    assert capsys.readouterr().err == said


@pytest.mark.parametrize(
    ("file", "content", "name"),
    [
        ("requirements.txt", "nobody-knows-this==1.0 \\\n", "nobody-knows-this"),
        ("static/vendor/other.js", "/* v1.2.3 */", "static/vendor/other.js"),
        ("assessments/content/new.yaml", "licence: all rights reserved\n", "new.yaml"),
        ("assessments/content/new.yaml", "title: without\n", "new.yaml"),
    ],
)
def test_what_nobody_has_read_is_told(copy: Path, file: str, content: str, name: str):
    (copy / file).write_text(content)
    said = f"{name}: its licence is not known. Read it, and write it into licences.py."
    assert faults(shipped(copy)) == [said]


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("GPL-3.0-only OR MIT", True),
        ("GPL-3.0-only AND MIT", False),
        ("BSD-2-Clause AND Apache-2.0", True),
        (UNKNOWN, False),
        ("", False),
    ],
)
def test_of_a_choice_one_is_enough_and_of_parts_all_are_needed(expression: str, allowed: bool):
    assert is_allowed(expression) is allowed


def test_a_table_has_columns():
    assert table([Shipped("a", "1.10", "MIT")]) == ("Name  Version  Licence\na     1.10     MIT")
