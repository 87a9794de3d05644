"""Somebody who may edit everything, on the live site."""

from __future__ import annotations

import secrets

from tests.live import Live
from tests.site.client import Browser, another_ip

PASSWORD = "seven grey herons upstairs"
MADE = """
from assessments.people.models import User
User.objects.create_superuser("{email}", "{password}")
"""


def new_editor(site: Live) -> Browser:
    """The browser of a new superuser, signed in."""
    email = f"{secrets.token_hex(6)}@example.org"
    site.manage("shell", "-c", MADE.format(email=email, password=PASSWORD))
    browser = Browser(site, ip=another_ip())
    reply = browser.post("/account/login/", {"login": email, "password": PASSWORD})
    assert reply.status == 302, reply.text
    return browser
