"""Messages to people, and what happens when one cannot be sent."""

import logging
from functools import cache
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from assessments.errors import DomainError

log = logging.getLogger(__name__)


class MailNotSent(DomainError):
    """The mail server did not take a message."""

    def __init__(self) -> None:
        super().__init__(
            _("The e-mail could not be sent. Nothing is lost: try again in a few minutes.")
        )


def send(*, to: str, subject: str, template: str, context: dict[str, object]) -> bool:
    """Whether the mail server took the message; if not, a line in the log says why.

    For what has been stored already: a mail server that is away undoes nothing of it.
    """
    body = render_to_string(template, {**context, "site_name": settings.SITE_NAME})
    try:
        # Names stand in subjects, and a line that breaks there is refused as a forged header.
        line = " ".join(f"{settings.SITE_NAME}: {subject}".split())
        hand_over(EmailMessage(line, body, to=[to]))
    except MailNotSent:
        return False
    return True


def hand_over(message: EmailMessage) -> None:
    """Give a message to the mail server; raises `MailNotSent` if it is away or refuses."""
    try:
        message.send()
    # smtplib's errors are among these, as are those of the network.
    except OSError as error:
        log.exception("An e-mail could not be sent")
        raise MailNotSent from error


class FolderBackend(EmailBackend):
    """Without a mail server, for development: each message becomes a file, and the log says so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_where()


@cache
def _say_where() -> None:
    log.warning("EMAIL_URL is not set: e-mails are written to %s", settings.EMAIL_FILE_PATH)
