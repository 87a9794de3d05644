"""Keeps secrets out of the logs."""

import logging
import re

# `/a/<token>/` opens somebody's attempt, `/invitation/<token>/` an invitation: whoever reads a log
# must not be able to.
PRIVATE_LINK = re.compile(r"/(a|invitation)/[^/\s?#\"']+")


class WithoutPrivateLinks(logging.Formatter):
    """Strikes the token from every such link, in tracebacks too; else as what it wraps."""

    def __init__(self, wrapped: logging.Formatter | None = None) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")
        self._format = wrapped.format if wrapped else super().format

    def format(self, record: logging.LogRecord) -> str:
        """The whole entry as text."""
        return PRIVATE_LINK.sub(r"/\1/-", self._format(record))
