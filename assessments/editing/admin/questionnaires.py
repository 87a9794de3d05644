"""A questionnaire in the admin: its own values, and the way to everything on its desk."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path

from assessments.editing import (
    check_views,
    compare_views,
    history_views,
    impact_views,
    preview_views,
    publish_views,
    transfer_views,
)
from assessments.editing.pages import View
from assessments.questionnaires.models import Questionnaire

# Route, name and view of each page about one questionnaire; the names are `admin:desk-…`.
PAGES: tuple[tuple[str, str, View], ...] = (
    ("check/", "check", check_views.check),
    ("compare/", "compare", compare_views.compare),
    ("preview/", "preview", preview_views.preview),
    ("preview/take/", "preview-take", preview_views.take),
    ("preview/result/", "preview-result", preview_views.result),
    ("publish/", "publish", publish_views.publish),
    ("retire/", "retire", publish_views.retire),
    ("reinstate/", "reinstate", publish_views.reinstate),
    ("load/<int:number>/", "load", publish_views.load),
    ("history/", "history", history_views.history),
    ("history/<int:change>/", "history-entry", history_views.history_entry_page),
    ("impact/", "impact", impact_views.impact),
    ("impact/run/", "impact-run", impact_views.run),
    ("export/", "export", transfer_views.export),
    ("export/<str:version>/<str:kind>/", "export-file", transfer_views.export_file),
    ("import/", "import", transfer_views.upload),
    ("import/preview/", "import-preview", transfer_views.preview),
    ("import/discard/", "import-discard", transfer_views.give_up),
)


@admin.register(Questionnaire)
class QuestionnaireAdmin(admin.ModelAdmin):
    """Its own values; nobody deletes one, since editions hang on it."""

    change_form_template = "admin/editing/questionnaire.html"
    list_display = ("title", "slug", "language", "changed_at", "retired_at")
    exclude = ("changed_at", "retired_at")

    def get_urls(self) -> list[URLPattern]:
        """The pages of the desk, before Django's own."""
        closed = self.admin_site.admin_view
        pages = [
            path(f"<int:pk>/{route}", closed(view), name=f"desk-{name}")
            for route, name, view in PAGES
        ]
        return [*pages, *super().get_urls()]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Editions and results hang on it; it can be retired."""
        return False
