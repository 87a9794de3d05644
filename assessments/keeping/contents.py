"""All rows of all tables, the same from every database, and their digest."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from uuid import UUID

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, Model

# Rows in memory at once.
CHUNK = 2_000
# What was migrated, and when, is a database's own.
MIGRATIONS_TABLE = "django_migrations"

Row = tuple[object, ...]


@dataclass(slots=True)
class Tally:
    """How many rows, and the sum of their SHA-256 modulo 2^256: in whatever order they come.

    Proof against accidents, not against somebody who makes up rows to fit.
    """

    rows: int = 0
    sum: int = 0

    def add(self, row: Row) -> None:
        """Count one row more."""
        self.rows += 1
        self.sum = (self.sum + int.from_bytes(sha256(_written(row)).digest())) % 2**256

    @property
    def digest(self) -> str:
        """The sum, as digests are written."""
        return f"sum-sha256:{self.sum:064x}"


@dataclass(frozen=True, slots=True)
class Contents:
    """The tally of each table, by its name."""

    tables: dict[str, Tally]

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(tally.rows for tally in self.tables.values())

    @property
    def digest(self) -> str:
        """`sha256:` of a line for each table in the order of names: name, rows, digest."""
        lines = [
            f"{name} {tally.rows} {tally.digest}\n" for name, tally in sorted(self.tables.items())
        ]
        return f"sha256:{sha256(''.join(lines).encode()).hexdigest()}"

    def differences(self, other: "Contents") -> list[str]:
        """The tables that differ, by name."""
        names = sorted(self.tables.keys() | other.tables.keys())
        return [name for name in names if self.tables.get(name) != other.tables.get(name)]


def contents(using: str = DEFAULT_DB_ALIAS) -> Contents:
    """What a database holds, read row by row. The caller sees to it that nothing changes."""
    found = {}
    for model in stored_models():
        tally = found[model._meta.db_table] = Tally()
        for row in rows_of(model, using):
            tally.add(row)
    return Contents(found)


def stored_models() -> list[type[Model]]:
    """Every model with a table of its own, those between two tables included."""
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.managed and not model._meta.proxy]


def columns_of(model: type[Model]) -> Sequence["Field[object, object]"]:
    """The fields that have a column."""
    return model._meta.concrete_fields


def rows_of(model: type[Model], using: str) -> Iterator[Row]:
    """The rows of a table, in no order, as the values of `columns_of`."""
    rows = model._base_manager.using(using).order_by()
    names = [field.attname for field in columns_of(model)]
    return rows.values_list(*names).iterator(chunk_size=CHUNK)


def unknown_tables(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Tables that no model knows: something else lives in this database too."""
    known = {MIGRATIONS_TABLE} | {model._meta.db_table for model in stored_models()}
    return sorted(set(connections[using].introspection.table_names()) - known)


def _written(row: Row) -> bytes:
    plain = [_plain(value) for value in row]
    return json.dumps(plain, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()


def _plain(value: object) -> object:
    """One way to write a value, whatever a database made of it."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            # In JSON, PostgreSQL writes 1e22 without the exponent and has no negative zero.
            return int(value) if value.is_integer() else value
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case dict():
            return {key: _plain(one) for key, one in value.items()}
        case list():
            return [_plain(one) for one in value]
    raise TypeError(f"No way is known to write {type(value).__name__} values in a digest.")
