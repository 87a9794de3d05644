"""Databases of the tests' own, and this process working on one of them for a while."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import environ
import psycopg
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from psycopg import sql

from assessments.analysis.calibrations import calibration
from assessments.keeping.contents import stored_models
from assessments.keeping.copying import from_migrations, triggers_off
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


def url_of_the_tests() -> str:
    """The database that pytest-django made; nobody is connected to it any more."""
    connection.close()
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def remove_all() -> None:
    """Leave only what migrations made."""
    models = stored_models()
    with transaction.atomic(), triggers_off(connection, models):
        for model in models:
            if model not in from_migrations():
                model._base_manager.all()._raw_delete("default")
        connection.check_constraints()


@contextlib.contextmanager
def clone_of(url: str, folder: Path) -> Iterator[str]:
    """The URL of a database like another one, to which nobody is connected."""
    with empty_database(folder) as clone:
        if url.startswith("sqlite"):
            files = (one.removeprefix("sqlite:///") for one in (url, clone))
            with contextlib.ExitStack() as stack:
                source, copy = (
                    stack.enter_context(contextlib.closing(sqlite3.connect(file)))
                    for file in files
                )
                source.backup(copy)
            yield clone
            return
        new, like = (sql.Identifier(urlsplit(one).path[1:]) for one in (clone, url))
        maintenance = urlunsplit(urlsplit(url)._replace(path="/postgres"))
        with psycopg.connect(maintenance, autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE {}").format(new))
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(new, like))
        yield clone


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
