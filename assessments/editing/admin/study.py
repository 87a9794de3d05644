"""The study library: recommendations with what to read, and resources."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.editing.admin.base import (
    BySide,
    Children,
    DeskFilter,
    OfTheDesk,
    PartAdmin,
    desk_of,
)
from assessments.editing.usage import sources_of
from assessments.questionnaires.rows import Reading, Recommendation, Resource


@admin.register(Resource)
class ResourceAdmin(PartAdmin):
    """Articles and books."""

    list_display = ("title", "key", "kind", "author", "year", "named_by")
    list_filter = (DeskFilter, "kind")
    search_fields = ("key", "title", "author", "note")
    fields = ("key", "kind", "title", "author", "year", "url", "note")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Resource]:
        """With the number of recommendations."""
        return super().get_queryset(request).annotate(number=Count("readings"))

    @admin.display(description=gettext_lazy("named by"))
    def named_by(self, row: Resource) -> int:
        """How many recommendations name it."""
        return getattr(row, "number", 0)


class Readings(Children):
    model = Reading
    parent = "recommendation"
    fields = ("resource",)


@admin.register(Recommendation)
class RecommendationAdmin(PartAdmin):
    """What leads from one level to the next. The lists for every plan have a page of their own."""

    change_form_template = "admin/editing/with_sources.html"
    list_display = ("title", "key", "kind", "dimension", "side_shown", "levels", "hours", "role")
    list_filter = (
        DeskFilter, "kind", ("dimension", OfTheDesk), ("side", BySide), "level_from",
        ("role", OfTheDesk),
    )  # fmt: skip
    list_select_related = ("dimension", "role")
    search_fields = ("key", "title", "text", "done_when")
    inlines = (Readings,)
    fieldsets = (
        (None, {"fields": ("key", "kind", "title", "text", "done_when", "hours")}),
        (
            gettext_lazy("For whom"),
            {"fields": ("dimension", "side", "level_from", "level_to", "role")},
        ),
        (gettext_lazy("Sources"), {"fields": ("source_refs",)}),
    )

    @admin.display(description=gettext_lazy("side"))
    def side_shown(self, row: Any) -> str:
        """The side under the name of its pole."""
        return str(row.names_of_sides.get(row.side, row.get_side_display()))

    @admin.display(description=gettext_lazy("levels"))
    def levels(self, row: Recommendation) -> str:
        """From which level to which."""
        return f"{row.level_from} → {row.level_to}"

    def links(self, request: HttpRequest, obj: Any = None) -> list[tuple[str, str]]:
        """From the list to the steps for every plan."""
        if obj is not None:
            return []
        return [
            (_("Steps for every plan"), reverse("admin:desk-packs", args=[desk_of(request).pk]))
        ]

    def facts(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """The titles of its sources."""
        return {"sources": sources_of(desk_of(request), obj) if obj else []}
