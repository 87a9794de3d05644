"""The one app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "Assessments"

    def ready(self) -> None:
        """Let the groups of staff follow each migration, and the security log what happens."""
        # Here, since models can be imported only now.
        from django.contrib.auth.signals import user_logged_in

        from assessments.http import security_log
        from assessments.people import signing_in

        user_logged_in.connect(signing_in.remember)
        security_log.connect()
        # Django makes the permissions after migrating, so groups of them can only come then.
        post_migrate.connect(_make_groups, sender=self)


def _make_groups(**kwargs: Any) -> None:
    from assessments.questionnaires.groups import make_groups

    make_groups()
