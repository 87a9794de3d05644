"""All rows of all tables, as text, to see what changed and what remains."""

from collections import Counter

from django.db import connection

Rows = dict[str, Counter[str]]


def all_rows() -> Rows:
    """The rows of each table of the tests' database."""
    rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own tables
            rows[table] = Counter(str(row) for row in cursor.fetchall())
    return rows


def holding(rows: Rows, *words: str) -> dict[str, list[str]]:
    """The rows that hold any of the words, in whatever case, by table."""
    found = {
        table: [row for row in counted if any(word.casefold() in row.casefold() for word in words)]
        for table, counted in rows.items()
    }
    return {table: rows for table, rows in found.items() if rows}


def gone(before: Rows, after: Rows) -> dict[str, Counter[str]]:
    """Rows that were there and are no more, by table."""
    lost = {table: counted - after[table] for table, counted in before.items()}
    return {table: rows for table, rows in lost.items() if rows}
