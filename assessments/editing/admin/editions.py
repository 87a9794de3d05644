"""Editions in the admin: to read. Attempts, answers and reports are not there at all."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.guide.coverage import coverage
from assessments.guide.pages import guide_pages
from assessments.questionnaires.editions import newest_edition
from assessments.questionnaires.models import Edition


@admin.register(Edition)
class EditionAdmin(admin.ModelAdmin):
    """Published editions; nobody can add, change or delete one here."""

    change_form_template = "admin/assessments/edition/edition.html"
    change_list_template = "admin/assessments/edition/editions.html"
    list_display = ("number", "questionnaire", "published_at", "published_by", "note", "digest")
    list_filter = ("questionnaire",)
    fields = ("questionnaire", "number", "digest", "note", "published_at", "published_by")
    list_select_related = ("questionnaire", "published_by")
    ordering = ("questionnaire", "-number")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Publishing makes editions."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An edition never changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Results depend on editions."""
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without the documents, which no page here shows."""
        return super().get_queryset(request).defer("document")

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
