"""A site is not started with settings that would endanger those who use it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from roleassess.safety import unsafe_settings

ROOT = Path(__file__).resolve().parents[2]
SAFE_KEY = "kx7-Qw_e93-RtYuIoPasDfGhJkLzXcVbNm1234567890-plok!!"
SAFE: dict[str, Any] = {
    "ALLOWED_HOSTS": ["roles.example.org"],
    "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/srv/db.sqlite3"}},
    "DEBUG": False,
    "METRICS_TOKEN": "",
    "REQUIRE_STAFF_MFA": True,
    "SECRET_KEY": SAFE_KEY,
    "SITE_URL": "https://roles.example.org",
}
GIVEN = {"EMAIL_URL": "smtp://mail.example.org", "ERASURES_FILE": "/srv/erasures.jsonl"}
RELATIVE = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}


def faults(given: dict[str, str] | None = None, **settings: Any) -> list[str]:
    """The first words of each sentence."""
    found = unsafe_settings({**SAFE, **settings}, GIVEN if given is None else given)
    return [" ".join(re.findall(r"\w+", sentence)[:2]) for sentence in found]


def test_a_site_with_all_that_it_needs_may_start():
    assert faults() == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"SECRET_KEY": SAFE_KEY[:49]}, "Set SECRET_KEY"),
        ({"SECRET_KEY": 20 * "secret"}, "Set SECRET_KEY"),
        ({"SECRET_KEY": "django-insecure-" + SAFE_KEY}, "Set SECRET_KEY"),
        ({"METRICS_TOKEN": "short"}, "Set METRICS_TOKEN"),
        ({"DATABASES": RELATIVE}, "Set DATABASE_URL"),
        ({"SITE_URL": "http://roles.example.org"}, "Set SITE_URL"),
        ({"SITE_URL": "http://8.8.8.8"}, "Set SITE_URL"),
        ({"DEBUG": True}, "Leave DEBUG"),
        ({"ALLOWED_HOSTS": ["*"]}, "Name the"),
        ({"REQUIRE_STAFF_MFA": False}, "Leave REQUIRE_STAFF_MFA"),
    ],
)
def test_each_unsafe_setting_is_named(settings: dict[str, Any], said: str):
    assert faults(**settings) == [said]


def test_what_only_a_real_site_needs_is_asked_of_it():
    assert faults(given={}) == ["Set EMAIL_URL", "Set ERASURES_FILE"]
    assert faults(given={**GIVEN, "EMAIL_URL": "x"}) == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "192.168.1.7", "nas.local"])
def test_on_ones_own_machine_and_network_one_may_try_things_out(host: str):
    own = {"SITE_URL": f"http://{host}:8000", "DEBUG": True, "REQUIRE_STAFF_MFA": False}
    assert faults(given={}, **own) == []
    assert faults(given={}, **own, SECRET_KEY="short") == ["Set SECRET_KEY"]


@pytest.mark.parametrize(
    "command", [["manage.py", "check"], ["-m", "gunicorn", "--config=gunicorn.conf.py", "x"]]
)
def test_the_start_ends_with_the_sentences_and_nothing_else(command: list[str]):
    environment = {
        **os.environ,
        "SITE_URL": "http://roles.example.org", "DEBUG": "true", "EMAIL_FOLDER": "/nowhere/mail",
        "ERASURES_FILE": "/nowhere/erasures.jsonl", "DATABASE_URL": "sqlite:////nowhere/none.sqlite3",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "The settings are not safe:",
        "Set SITE_URL to an https address: answers and sign-ins must not travel in the open.",
        "Leave DEBUG unset: its error pages show settings and data to anybody.",
    ]
