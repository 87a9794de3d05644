"""Deeds about people."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session


def delete_ended_sessions(*, at: datetime, dry_run: bool = False) -> int:
    """Delete sessions that have run out, and what was kept of where they began; their number."""
    ended = Session.objects.filter(expire_date__lt=at)
    if dry_run:
        return ended.count()
    count, _by_kind = ended.delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return count
