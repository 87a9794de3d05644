"""The one app."""

from typing import Any

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "Assessments"

    def ready(self) -> None:
        """Let the groups of staff follow each migration, and check what the database promises."""
        from assessments.http.durability import keeps_what_it_commits

        register(keeps_what_it_commits, Tags.database)
        # Django makes the permissions after migrating, so groups of them can only come then.
        post_migrate.connect(_make_groups, sender=self)


def _make_groups(**kwargs: Any) -> None:
    from assessments.questionnaires.groups import make_groups

    make_groups()
