"""Keeps secrets out of the logs."""

import logging
import re

PRIVATE_LINK = re.compile(r"/a/[A-Za-z0-9_-]+")


class HideTokens(logging.Filter):
    """Replaces the token of a private link, in the message and in its arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mend the record in place; keep it."""
        record.msg = PRIVATE_LINK.sub("/a/-", record.getMessage())
        record.args = None
        return True
