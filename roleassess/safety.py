"""What no site may be started with, and what a site that others reach may not be without."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

SECRET_LENGTH = 50
TOKEN_LENGTH = 32
# Fewer different characters than this is a word typed again and again.
SECRET_VARIETY = 8
HOW_TO_MAKE_ONE = 'python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
# Names that only one's own machine or network knows.
OWN_NAMES = (".localhost", ".local", ".internal", ".test", ".home.arpa")


def unsafe_settings(settings: Mapping[str, Any], given: Mapping[str, str]) -> list[str]:
    """Sentences that say what to set; none if the site may start.

    `settings` are Django's by name, `given` is the environment that they were read from.
    """
    site = urlsplit(settings["SITE_URL"])
    faults = list(_everywhere(settings))
    if not _is_own(site.hostname or ""):
        faults += _where_others_come(settings, given, site.scheme)
    return faults


def _everywhere(settings: Mapping[str, Any]) -> Iterator[str]:
    key = settings["SECRET_KEY"]
    if len(key) < SECRET_LENGTH or len(set(key)) < SECRET_VARIETY or key.startswith("django-"):
        yield f"Set SECRET_KEY to {SECRET_LENGTH} or more random characters: {HOW_TO_MAKE_ONE}"
    token = settings["METRICS_TOKEN"]
    if token and len(token) < TOKEN_LENGTH:
        yield f"Set METRICS_TOKEN to {TOKEN_LENGTH} or more random characters: {HOW_TO_MAKE_ONE}"
    for name in settings["DATABASES"].values():
        if "sqlite3" in name["ENGINE"] and not str(name["NAME"]).startswith("/"):
            yield (
                "Set DATABASE_URL to the whole path of a file, with four slashes: "
                "sqlite:////srv/roleassess/db.sqlite3"
            )


def _where_others_come(
    settings: Mapping[str, Any], given: Mapping[str, str], scheme: str
) -> Iterator[str]:
    if scheme != "https":
        yield "Set SITE_URL to an https address: answers and sign-ins must not travel in the open."
    if settings["DEBUG"]:
        yield "Leave DEBUG unset: its error pages show settings and data to anybody."
    if "*" in settings["ALLOWED_HOSTS"]:
        yield "Name the hosts in ALLOWED_HOSTS, or leave it unset: then it is that of SITE_URL."
    if not settings["REQUIRE_STAFF_MFA"]:
        yield "Leave REQUIRE_STAFF_MFA unset: staff read and change what others rely on."
    if "EMAIL_URL" not in given and "EMAIL_FOLDER" not in given:
        yield (
            "Set EMAIL_URL, as smtp+tls://user:password@mail.example.org:587: codes for signing "
            "in go out by e-mail."
        )
    if "ERASURES_FILE" not in given:
        yield (
            "Set ERASURES_FILE to a file that no backup of the database holds, so that restoring "
            "one does not undo an erasure."
        )


def _is_own(host: str) -> bool:
    """Whether only this machine or its own network reaches that host."""
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith(OWN_NAMES)
