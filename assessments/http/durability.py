"""Whether the database keeps its word: what it says is committed outlives a power cut."""

from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections

# Settings of a PostgreSQL server that trade committed rows for speed when off. What a connection
# may choose (synchronous_commit) is chosen in our settings.
NEEDED = ("fsync", "full_page_writes")


def keeps_what_it_commits(
    databases: Iterable[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """A system check of each database that is asked about; `migrate` asks, as does `check`."""
    return [
        Error(
            f"The PostgreSQL server of '{alias}' runs with {setting} = off.",
            hint=f"Set {setting} = on in its configuration, or acknowledged answers are lost.",
            id="assessments.E001",
        )
        for alias in databases or ()
        if connections[alias].vendor == "postgresql"
        for setting in NEEDED
        if _value(alias, setting) == "off"
    ]


def _value(alias: str, setting: str) -> str:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [setting])
        value: str = cursor.fetchone()[0]
        return value
