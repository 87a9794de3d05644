"""The browser that the tests drive: whichever Chromium is installed, never one they download."""

from __future__ import annotations

import os
import shutil

ARGUMENTS = [
    # Root, as in a container, gets no sandbox; the pages are our own.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Nothing but the site itself is to be reached for.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A container's shared memory is too small for it.
    "--disable-dev-shm-usage",
]


def find_chromium() -> str | None:
    """The program's path: what CHROMIUM says, else the one without windows, else any.

    The one without windows is the same engine, and takes two thirds of the processor's time.
    """
    named = os.environ.get("CHROMIUM")
    return named or shutil.which("chromium-headless-shell") or shutil.which("chromium")
