"""The site for gunicorn, by a clock that a test sets: so many seconds stand in CLOCK_FILE."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import time_machine

from roleassess.wsgi import application as site


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer one request, then; only one at a time."""
    wrong_by = timedelta(seconds=float(Path(os.environ["CLOCK_FILE"]).read_text()))
    with time_machine.travel(datetime.now(UTC) + wrong_by, tick=True):
        return site(environ, start_response)
