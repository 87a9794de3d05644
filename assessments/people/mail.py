"""Messages to people: plain text, from the site, with links that begin with its own address."""

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

LOG = logging.getLogger(__name__)


def send(*, to: str, subject: str, template: str, context: dict[str, object]) -> bool:
    """Whether the mail server took the message; if not, a line in the log says why.

    What the message speaks of has been stored before: a mail server that is away undoes nothing.
    """
    body = render_to_string(template, {**context, "site_name": settings.SITE_NAME})
    try:
        send_mail(f"{settings.SITE_NAME}: {subject}", body, None, [to])
    except OSError as error:
        # smtplib's errors are OSErrors; the address is the reader's own matter.
        LOG.error("A message could not be sent: %s", type(error).__name__)
        return False
    return True
