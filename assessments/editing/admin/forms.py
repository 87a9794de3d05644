"""Forms with their rules and sections; arranging their questions has a page of its own."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.editing.admin.base import Children, DeskFilter, PartAdmin, desk_of
from assessments.questionnaires.rows import Form, Section


class Sections(Children):
    model = Section
    parent = "form"
    fields = ("title",)


@admin.register(Form)
class FormAdmin(PartAdmin):
    """What takers are given: rules, and sections."""

    list_display = ("title", "key", "questions", "minutes_max", "rows")
    list_filter = (DeskFilter,)
    search_fields = ("key", "title")
    inlines = (Sections,)
    fieldsets = (
        (None, {"fields": ("key", "title")}),
        (
            gettext_lazy("What it must hold to be published"),
            {
                "fields": (
                    "pairs_per_dimension", "ratings_per_side", "scenarios_a", "scenarios_b",
                    "scenarios_mixed", "minutes_max",
                )
            },
        ),
        (gettext_lazy("What its result may show"), {"fields": ("rows", "quality_cap")}),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Form]:
        """With the number of questions."""
        return super().get_queryset(request).annotate(number=Count("sections__placements"))

    @admin.display(description=gettext_lazy("questions"))
    def questions(self, row: Form) -> int:
        """How many questions it has."""
        return getattr(row, "number", 0)

    def links(self, request: HttpRequest, obj: Any = None) -> list[tuple[str, str]]:
        """From a form to its questions."""
        if obj is None:
            return []
        address = reverse("admin:desk-arrange", args=[desk_of(request).pk, obj.pk])
        return [(_("Arrange questions"), address)]
