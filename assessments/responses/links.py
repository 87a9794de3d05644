"""Private links: 256 random bits that open one anonymous attempt."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from assessments.people.tokens import digest_of, new_token
from assessments.responses.models import Attempt, PrivateLink

# Each "get a link" makes one more; the older ones go on working, up to this many.
LINKS_PER_ATTEMPT = 20


def make_private_link(*, attempt: Attempt, at: datetime) -> str:
    """A new absolute link to the attempt. It is returned once and cannot be read again."""
    token = new_token()
    add_private_link(attempt=attempt, token=token, at=at)
    # Ordered by digest among equals, so that a stepped clock cannot end the one just made.
    older = attempt.links.exclude(digest=digest_of(token)).order_by("-made_at", "digest")
    surplus = older.values_list("digest", flat=True)[LINKS_PER_ATTEMPT - 1 :]
    if surplus:
        attempt.links.filter(digest__in=list(surplus)).delete()
    return settings.SITE_URL + reverse("responses:link", args=[token])


def add_private_link(*, attempt: Attempt, token: str, at: datetime) -> None:
    """Let a token open the attempt; what is stored is its digest."""
    PrivateLink.objects.create(digest=digest_of(token), attempt=attempt, made_at=at)


def attempt_of_link(token: str) -> Attempt | None:
    """The anonymous attempt that the token opens; None for a wrong, ended or claimed one."""
    return Attempt.objects.filter(owner=None, links__digest=digest_of(token)).first()
