"""Keeps secrets out of the logs."""

import logging
import re

# `/a/<token>/` opens somebody's attempt, the others an invitation and a new password: whoever
# reads a log must not be able to.
PRIVATE_LINK = re.compile(r"(/a/|/invitation/|/password/reset/key/)[^/\s?#\"']+")


class WithoutPrivateLinks(logging.Formatter):
    """Writes `/a/-` for a private link and so on, in tracebacks too; else as what it wraps."""

    def __init__(self, wrapped: logging.Formatter | None = None) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")
        self._format = wrapped.format if wrapped else super().format

    def format(self, record: logging.LogRecord) -> str:
        """The whole entry as text."""
        return PRIVATE_LINK.sub(r"\1-", self._format(record))
