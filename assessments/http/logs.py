"""What stands in the logs: one entry a line, with its request, and no secret."""

import logging
import re
from datetime import UTC, datetime
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from assessments.http.request_id import current_request_id

# `/a/<token>/` opens somebody's attempt, the others an invitation and a new password: whoever
# reads a log must not be able to.
PRIVATE_LINK = re.compile(r"(/a/|/invitation/|/password/reset/key/)[^/\s?#\"']+")
# What would begin a line, or steer a terminal, is written as its number.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class TextLines(logging.Formatter):
    """For people: time, level, logger, request, message. A traceback takes lines of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """The whole entry as text."""
        message = CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", _told(record))
        line = f"{written_at(record)} {record.levelname} {record.name}"
        line += f" [{current_request_id()}]: {message}" if current_request_id() else f": {message}"
        if record.exc_info:
            line = f"{line}\n{self.formatException(record.exc_info)}"
        return without_private_links(line)


class JsonLines(JsonFormatter):
    """For programs: an object a line, with whatever a record was given as `extra`."""

    def __init__(self) -> None:
        super().__init__(
            ["levelname", "name", "message"],
            rename_fields={"levelname": "level", "name": "logger", "exc_info": "traceback"},
            reserved_attrs=RESERVED,
        )

    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        """The time first, then the request, if there is one."""
        log_data["time"] = written_at(record)
        if request_id := current_request_id():
            log_data["request_id"] = request_id
        super().add_fields(log_data, record, message_dict)

    def format(self, record: logging.LogRecord) -> str:
        """The whole entry as one line of JSON."""
        return without_private_links(super().format(record))


# What every record has, and what Django hands over for its own handlers: not what one says.
RESERVED = sorted(
    {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName", "request", "server_time"}
)
FORMATTERS = {"text": TextLines, "json": JsonLines}


def _told(record: logging.LogRecord) -> str:
    """The message; of an event, whose message is its name only, what stands beside it too."""
    message = record.getMessage()
    if message != getattr(record, "event", None):
        return message
    not_beside = {*RESERVED, "event"}
    beside = (f"{name}={one}" for name, one in vars(record).items() if name not in not_beside)
    return " ".join((message, *beside))


def written_at(record: logging.LogRecord) -> str:
    """When, in UTC, as ISO 8601 with milliseconds."""
    at = datetime.fromtimestamp(record.created, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def without_private_links(text: str) -> str:
    """`/a/-` for a private link, and so on."""
    return PRIVATE_LINK.sub(r"\1-", text)
