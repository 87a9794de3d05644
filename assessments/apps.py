"""The one app."""

from typing import Any

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "Assessments"

    def ready(self) -> None:
        """Connect what waits for signals, and check what the database promises."""
        # Here, since models can be imported only now.
        from django.contrib.auth.signals import user_logged_in

        from assessments.http import durability, security_log
        from assessments.people import signing_in

        register(durability.keeps_what_it_commits, Tags.database)
        user_logged_in.connect(signing_in.remember)
        security_log.connect()
        # Django makes the permissions after migrating, so groups of them can only come then.
        post_migrate.connect(_make_groups, sender=self)


def _make_groups(**kwargs: Any) -> None:
    from assessments.questionnaires.groups import make_groups

    make_groups()
