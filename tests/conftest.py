"""What all tests share: their settings, their markers, the browser and the live site."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import hypothesis
import pytest
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, transaction
from django.test.utils import setup_databases

from tests.chromium import ARGUMENTS, find_chromium
from tests.live import Live, live_site, named_database
from tests.prepared import SHARED, prepare

ROOT = Path(__file__).resolve().parent.parent

# Here and not in pyproject.toml: pytest-django reads the settings a file names there before it
# loads this one, and they stop without these values. Set from outside, they stand.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "roleassess.settings")
os.environ.setdefault("SECRET_KEY", "for-tests-only-" + 50 * "x")
os.environ.setdefault("DATABASE_URL", f"sqlite:///{ROOT / 'var' / 'db.sqlite3'}")
os.environ.setdefault("SITE_URL", "http://testserver")
os.environ.setdefault("ERASURES_FILE", str(ROOT / "var" / "test-erasures.jsonl"))
# Playwright leaves an event loop behind in the main thread, from which Django then refuses every
# query, although nothing in the tests is asynchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


# pytest-django finds Django set up, and from here on guards the database as ever.
django.setup()
# A real one takes its time on purpose, for every person of every test.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Else every test client reads the whole folder of static files first. The live site, in a process
# of its own, serves them as a real one does.
settings.WHITENOISE_AUTOREFRESH = True

# Pages are made of many small objects that live long; to look at all of them so often for those
# that nobody holds takes a tenth of the whole run.
gc.set_threshold(100_000, 20, 20)

# An example that is slow since another process has the core is no finding.
hypothesis.settings.register_profile("shared-cores", deadline=None)
hypothesis.settings.load_profile("shared-cores")

# The edition that all tests share, once there is a database.
SESSION_EDITIONS: list[int] = []

# What a test asks for tells what it is.
FIXTURES_OF = {
    "database": {
        "db",
        "module_rows",
        "transactional_db",
        "live_server",
        "live",
        "populated",
        "site",
        "on_private_postgres",
    },
    "browser": {"playwright", "browser", "context", "new_context", "page"},
    "live": {"live", "live_server", "populated", "on_private_postgres"},
}

# These read and write as others do that run on both databases; they tell of pages, of rights and
# of the server's processes. On PostgreSQL they run in the long tests.
ONE_DATABASE = (
    "coaching/test_brief", "coaching/test_client_pages", "coaching/test_cohort",
    "coaching/test_desk", "coaching/test_permissions", "coaching/test_second_view",
    "coaching/test_view_first", "content/", "editing/test_analysis", "editing/test_arranging",
    "editing/test_check", "editing/test_compare", "editing/test_impact", "editing/test_import",
    "editing/test_items", "editing/test_parts", "editing/test_preview", "editing/test_publish",
    "editing/test_questionnaires", "editing/test_retired", "editing/test_routes",
    "editing/test_targets", "editing/test_two_editors", "guide/", "http/test_headers",
    "http/test_security_log", "people/test_accounts", "people/test_signing_in",
    "privacy/test_my_data", "privacy/test_restore", "reports/test_compare",
    "reports/test_plan", "site/test_reload", "site/test_takers_at_once", "test_access",
    "test_commands", "test_pages", "test_second_questionnaire",
)  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    # Pages name static files by their hash, which exists only once they are collected. Once for
    # all workers; it does nothing if nothing changed.
    if not hasattr(config, "workerinput"):
        subprocess.run([sys.executable, str(ROOT / "run"), "static"], check=True)
        # The workers, which are started later, find it in their environment. `./run test` has
        # one for both of its passes.
        if SHARED not in os.environ:
            os.environ[SHARED] = folder = tempfile.mkdtemp(prefix="roleassess-tests-")
            config.add_cleanup(lambda: shutil.rmtree(folder))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # First, so that -m sees the markers.
    for item in items:
        asked_for = set(getattr(item, "fixturenames", ()))
        for marker, fixtures in FIXTURES_OF.items():
            if asked_for & fixtures:
                item.add_marker(marker)
        if item.get_closest_marker("django_db"):
            item.add_marker("database")
        if item.path.relative_to(ROOT / "tests").as_posix().startswith(ONE_DATABASE):
            item.add_marker("one_database")
        if item.get_closest_marker("browser") and not find_chromium():
            item.add_marker(pytest.mark.skip(reason="no Chromium: install it or set CHROMIUM"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the Chromium that is installed instead of one that Playwright would download."""
    return {
        **browser_type_launch_args,
        "executable_path": find_chromium(),
        "args": ARGUMENTS,
    }


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The real site in processes of its own, one per worker; who kills it starts it again."""
    with live_site(tmp_path_factory.mktemp("live"), os.environ["DATABASE_URL"]) as site:
        yield site


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Django finds the test database made, and migrates nothing."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[str]:
    """Make each worker's database before Django looks for it; its name."""
    name = connection.creation._get_test_db_name()  # type: ignore[attr-defined]
    with named_database(os.environ["DATABASE_URL"], name) as fresh:
        prepare(fresh, "migrated")
        yield str(name)


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_modify_db_settings: str, django_db_blocker: Any
) -> None:
    """The test database, with the shipped questionnaire published once for all tests."""
    # Not at the top: models can be imported only once Django is set up.
    from tests.cast import published

    with django_db_blocker.unblock():
        # pytest-django takes it only where a test asks for `db`. One that asks for `module_rows`
        # alone must not get the database that people use.
        if str(connection.settings_dict["NAME"]) != django_db_modify_db_settings:
            setup_databases(0, interactive=False, keepdb=True, aliases={connection.alias: True})
        SESSION_EDITIONS.append(published().pk)


@pytest.fixture(scope="module")
def module_rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """For fixtures of a module: what they store is there for its tests, and gone after them.

    Their tests change nothing: what they store is not rolled back before the next one.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _no_edition_of_another_test(django_db_blocker: Any) -> Iterator[None]:
    """A rolled back edition's id may be given again: what was read of it must not outlive it."""
    from assessments.analysis.calibrations import calibration
    from assessments.questionnaires.editions import published_edition

    read_before = published_edition.cache_info().misses
    yield
    calibration.cache_clear()
    if published_edition.cache_info().misses == read_before:
        return
    published_edition.cache_clear()
    # That of all tests is read again at once, so that the next one does not count as new.
    # Unless this one was about another database.
    with django_db_blocker.unblock(), contextlib.suppress(ObjectDoesNotExist):
        for pk in SESSION_EDITIONS:
            published_edition(pk)
