"""Beside the editions in the admin: where each point of the sources is met."""

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.editing.admin.editions import EditionAdmin
from assessments.guide.coverage import coverage
from assessments.guide.pages import guide_pages
from assessments.questionnaires.editions import newest_edition
from assessments.questionnaires.models import Edition

# The editions lie below the guide and know nothing of it, so their page is extended from here.
admin.site.unregister(Edition)


@admin.register(Edition)
class EditionAdminWithCoverage(EditionAdmin):
    """Published editions, and what the newest one and the guide cover together."""

    change_list_template = "admin/assessments/edition/with_coverage.html"

    def get_urls(self) -> list[URLPattern]:
        """Django's, after the page of our own."""
        view = self.admin_site.admin_view(require_safe(self.coverage_view))
        return [path("coverage/", view, name="assessments_edition_coverage"), *super().get_urls()]

    def coverage_view(self, request: HttpRequest) -> HttpResponse:
        """Every point of the sources of the newest edition, and what names it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        edition = newest_edition(settings.HOME_QUESTIONNAIRE)
        rows = coverage(edition.document, guide_pages().values()) if edition else []
        context = {
            **self.admin_site.each_context(request),
            "title": _("Coverage of the sources"),
            "opts": self.opts,
            "edition": edition,
            "rows": rows,
            "missing": [row for row in rows if row.is_missing],
        }
        return TemplateResponse(request, "admin/assessments/edition/coverage.html", context)
