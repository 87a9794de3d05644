"""One populated database for all tests of keeping; none of them leaves anything changed in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command


@pytest.fixture(scope="session")
def populated(django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a database with people, attempts, coaching and a calibration."""
    # Not at the top: models can be imported only once Django is set up.
    from tests.keeping.people import populate_everything
    from tests.keeping.places import empty_database, working_on

    folder = tmp_path_factory.mktemp("populated")
    with django_db_blocker.unblock(), empty_database(folder) as url:
        with working_on(url):
            call_command("migrate", verbosity=0)
            populate_everything()
        yield url


@pytest.fixture(autouse=True)
def _may_use_databases(django_db_blocker: Any) -> Iterator[None]:
    """Databases of the tests' own, not the one that pytest-django guards."""
    with django_db_blocker.unblock():
        yield
