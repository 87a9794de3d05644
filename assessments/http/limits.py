"""How often something may be tried: token buckets in the database, one per limit and sender.

A view asks before it acts: `take(EXPORT, request.user.pk, timezone.now())`. Saving answers has no
limit by design. Success never gives tokens back.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.errors import DomainError
from assessments.http.models import RateBucket


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `tokens` at once; they come back evenly over `per`, which is a day at most."""

    name: str
    tokens: int
    per: timedelta

    @property
    def one(self) -> timedelta:
        """The time in which one token comes back."""
        return self.per / self.tokens


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

# By account (the e-mail address as sent, known or not), by IP, or by signed-in user.
LOGIN_ACCOUNT = Limit("login-account", tokens=10, per=15 * MINUTE)
LOGIN_IP = Limit("login-ip", tokens=50, per=HOUR)
LOGIN_CODE_ACCOUNT = Limit("login-code-account", tokens=10, per=HOUR)
SIGNUP_IP = Limit("signup-ip", tokens=10, per=HOUR)
RESET_ACCOUNT = Limit("reset-account", tokens=3, per=HOUR)
LINK_MISS_IP = Limit("link-miss-ip", tokens=20, per=10 * MINUTE)
# A class behind one router starts within a minute: a setting.
START_IP = Limit("start-ip", tokens=settings.STARTS_PER_HOUR, per=HOUR)
ACCOUNT_USER = Limit("account-user", tokens=60, per=HOUR)
EXPORT_USER = Limit("export-user", tokens=10, per=HOUR)
# Laying out a PDF takes seconds of a processor, and a result needs no account.
PDF_OF = Limit("pdf-of", tokens=10, per=HOUR)
SHARE_USER = Limit("share-user", tokens=20, per=DAY)
# A coach who begins with thirty people invites them on one day: a setting.
INVITE_USER = Limit("invite-user", tokens=settings.INVITATIONS_PER_DAY, per=DAY)
# Addresses that have no coach desk: whoever tries many wants to know who coaches here.
DESK_MISS_USER = Limit("desk-miss-user", tokens=20, per=HOUR)
ERASE_USER = Limit("erase-user", tokens=10, per=HOUR)


class TooMany(DomainError):
    """It was tried too often; `retry_after` is in whole seconds, `limit` the limit's name."""

    def __init__(self, limit: str, retry_after: int) -> None:
        super().__init__(_("That was tried too often in a short time."))
        self.limit, self.retry_after = limit, retry_after


def take(limit: Limit, key: object, at: datetime) -> None:
    """Use up one token; raises `TooMany` if there is none, which uses up nothing.

    Call it outside the deed's transaction, or the token is given back when the deed fails.
    """
    # On SQLite the transaction holds the only write lock from its start (IMMEDIATE), on
    # PostgreSQL the row is locked; of two who both find no row, one waits for the other's.
    with transaction.atomic():
        bucket, _made = RateBucket.objects.select_for_update().get_or_create(
            key=_key(limit, key), defaults={"full_at": at}
        )
        bucket.full_at = _full_after_one_more(limit, bucket.full_at, at)
        bucket.save(update_fields=["full_at"])


def require_left(limit: Limit, key: object, at: datetime) -> None:
    """Raises `TooMany` if there is no token; uses up none."""
    bucket = RateBucket.objects.filter(key=_key(limit, key)).first()
    if bucket is not None:
        _full_after_one_more(limit, bucket.full_at, at)


def full_buckets(at: datetime) -> QuerySet[RateBucket]:
    """Those that are full again and so say nothing, a day after their use at the latest."""
    return RateBucket.objects.filter(full_at__lte=at)


def _full_after_one_more(limit: Limit, full_at: datetime, at: datetime) -> datetime:
    # A clock that was set back must not lock anybody out for longer than an empty bucket does.
    full_at = min(max(full_at, at), at + limit.per) + limit.one
    wait = full_at - at - limit.per
    # Dividing a period into microseconds leaves a remainder of less than one each.
    if wait > limit.tokens * timedelta(microseconds=1):
        raise TooMany(limit.name, max(1, ceil(wait.total_seconds())))
    return full_at


def _key(limit: Limit, key: object) -> str:
    # The name's length keeps ("a", "b:c") and ("a:b", "c") apart.
    said = f"{len(limit.name)}:{limit.name}:{key}"
    return hmac.new(
        settings.SECRET_KEY.encode(), said.encode("utf-8", "surrogatepass"), hashlib.sha256
    ).hexdigest()
