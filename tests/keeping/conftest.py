"""One populated database for all tests of keeping; none of them leaves anything changed in it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command


@pytest.fixture(scope="session")
def migrated(
    request: pytest.FixtureRequest,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The URL of a database that is migrated and holds nothing else; for cloning only."""
    # Not at the top: models can be imported only once Django is set up.
    from tests.keeping.places import (
        clone_of,
        empty_database,
        remove_all,
        url_of_the_tests,
        working_on,
    )

    folder = tmp_path_factory.mktemp("migrated")
    with django_db_blocker.unblock(), contextlib.ExitStack() as stack:
        if any(item.get_closest_marker("django_db") for item in request.session.items):
            # Other tests need theirs in any case, and migrating once more takes seconds.
            request.getfixturevalue("django_db_setup")
            url = stack.enter_context(clone_of(url_of_the_tests(), folder))
            with working_on(url):
                remove_all()
        else:
            url = stack.enter_context(empty_database(folder))
            with working_on(url):
                call_command("migrate", verbosity=0)
        yield url


@pytest.fixture(scope="session")
def populated(
    migrated: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The URL of a database with people, attempts, coaching and a calibration."""
    from tests.keeping.people import populate_everything
    from tests.keeping.places import clone_of, working_on

    folder = tmp_path_factory.mktemp("populated")
    with django_db_blocker.unblock(), clone_of(migrated, folder) as url:
        with working_on(url):
            populate_everything()
        yield url


@pytest.fixture(autouse=True)
def _may_use_databases(django_db_blocker: Any) -> Iterator[None]:
    """Databases of the tests' own, not the one that pytest-django guards."""
    with django_db_blocker.unblock():
        yield
