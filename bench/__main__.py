"""Measures the site against the floor: JSON to stdout, a table to stderr.

Exit code 1 if a budget is broken, 2 if it cannot measure.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from importlib.metadata import version

from bench.figures import figures
from bench.measure import AT_ONCE, benched, measure
from bench.table import table
from tests.private_postgres import find_server_binaries

DATABASES = {
    "sqlite": ("sqlite",),
    "postgresql": ("postgresql",),
    "both": ("postgresql", "sqlite"),
}


def main() -> int:
    """Measure, print, and judge."""
    asked = _arguments()
    databases = DATABASES[asked.database]
    if "postgresql" in databases and not find_server_binaries():
        print("PostgreSQL is not installed. On Debian: apt install postgresql.", file=sys.stderr)
        return 2
    found = {}
    for database in databases:
        with benched(database) as bench:
            measured = measure(bench, rounds=asked.rounds, takers=asked.takers)
        found[database] = figures(measured)
        print(table(database, found[database]), file=sys.stderr, flush=True)
    print(json.dumps({**_setting(asked), "databases": found}, indent=1))
    kept = all(budget["holds"] for one in found.values() for budget in one["budgets"])
    return 0 if kept else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("--database", choices=DATABASES, default="both")
    parser.add_argument("--rounds", type=_at_least_one, default=5, help="interleaved (5)")
    parser.add_argument(
        "--takers", type=_at_least_one, default=20, help="of each kind in each round (20)"
    )
    return parser.parse_args()


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _setting(asked: argparse.Namespace) -> dict[str, object]:
    return {
        "rounds": asked.rounds,
        "takers": asked.takers,
        "at_once": AT_ONCE,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        **{name: version(name) for name in ("django", "gunicorn", "psycopg")},
    }


if __name__ == "__main__":
    sys.exit(main())
