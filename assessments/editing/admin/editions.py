"""Editions in the admin: to read. Attempts, answers and reports are not there at all."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from assessments.questionnaires.models import Edition


@admin.register(Edition)
class EditionAdmin(admin.ModelAdmin):
    """Published editions; nobody can add, change or delete one here."""

    list_display = ("questionnaire", "number", "published_at", "published_by", "note")
    fields = ("questionnaire", "number", "digest", "note", "published_at", "published_by")
    list_select_related = ("questionnaire", "published_by")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Publishing makes editions."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An edition never changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Results depend on editions."""
        return False
