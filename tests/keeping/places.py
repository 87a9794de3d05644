"""Databases of the tests' own, and this process working on one of them for a while."""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import environ
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections

from assessments.analysis.calibrations import calibration
from assessments.questionnaires.editions import published_edition
from tests.live import fresh_database


@contextlib.contextmanager
def working_on(url: str) -> Iterator[None]:
    """The configured database is another one, with the settings of the tests' own otherwise."""
    own = connections.settings["default"]
    config = {**settings.DATABASES["default"], **environ.Env.db_url_config(url)}
    if not url.startswith(own["ENGINE"].rpartition(".")[2][:6]):
        # Of the other kind: nothing that is said of ours holds.
        config["OPTIONS"] = {}
    _configure(connections.configure_settings({"default": config})["default"])
    try:
        yield
    finally:
        _configure(own)


def _configure(config: dict[str, Any]) -> None:
    connection.close()
    del connections["default"]
    connections.settings["default"] = config
    # What was read of the one database is not to be found in the other.
    calibration.cache_clear()
    published_edition.cache_clear()


@contextlib.contextmanager
def empty_database(folder: Path) -> Iterator[str]:
    """The URL of a database with nothing in it, of the kind that the tests run on."""
    folder.mkdir(exist_ok=True)
    with fresh_database(folder, like=os.environ["DATABASE_URL"]) as url:
        yield url


def said(*arguments: str) -> Any:
    """What a command prints."""
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())


def refusal(*arguments: str) -> str:
    """Why a command refuses."""
    try:
        call_command(*arguments, stdout=io.StringIO(), stderr=io.StringIO())
    except CommandError as error:
        return str(error)
    raise AssertionError("It was not refused.")


def digest_at(url: str) -> str:
    """The digest of everything in a database, by `verify`, which must be content."""
    with working_on(url):
        return str(said("verify")["digest"])
