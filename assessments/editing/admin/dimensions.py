"""Dimensions, with all that is said of them."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.editing.admin.base import (
    DESK,
    DeskFilter,
    LongChildren,
    OfTheDesk,
    PartAdmin,
    desk_of,
)
from assessments.editing.usage import sources_of
from assessments.questionnaires.rows import Dimension, InterviewQuestion, Mistake


class Mistakes(LongChildren):
    model = Mistake
    parent = "dimension"
    fields = ("side", "bad", "good")


class Interview(LongChildren):
    model = InterviewQuestion
    parent = "dimension"
    fields = ("side", "text")


@admin.register(Dimension)
class DimensionAdmin(PartAdmin):
    """The scales. Their order in ties has a page of its own."""

    change_form_template = "admin/editing/with_sources.html"
    list_display = ("name", "key", "cluster", "short_a", "short_b", "half_weight", "questions")
    list_filter = (DeskFilter, ("cluster", OfTheDesk), "half_weight")
    list_select_related = ("cluster",)
    search_fields = ("key", "name", "definition", "pole_a", "pole_b")
    inlines = (Mistakes, Interview)
    fieldsets = (
        (None, {"fields": ("key", "name", "cluster", "definition", "half_weight", "guide")}),
        (gettext_lazy("The two poles"), {"fields": ("pole_a", "short_a", "pole_b", "short_b")}),
        (
            gettext_lazy("What the result says"),
            {"fields": ("leans_a", "leans_b", "both", "neither_yet", "always")},
        ),
        (gettext_lazy("Sources"), {"fields": ("source_refs",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dimension]:
        """With the number of questions."""
        return super().get_queryset(request).annotate(number=Count("items"))

    @admin.display(description=gettext_lazy("questions"))
    def questions(self, row: Dimension) -> int:
        """How many questions measure it."""
        return getattr(row, "number", 0)

    def links(self, request: HttpRequest, obj: Any = None) -> list[tuple[str, str]]:
        """From the list to the order in ties, from a dimension to its questions."""
        desk = desk_of(request)
        if obj is None:
            return [(_("Order in ties"), reverse("admin:desk-ties", args=[desk.pk]))]
        items = reverse("admin:assessments_item_changelist")
        query = f"{DESK}={desk.pk}&dimension__id__exact={obj.pk}"
        return [(_("Questions"), f"{items}?{query}")]

    def facts(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """The titles of its sources."""
        return {"sources": sources_of(desk_of(request), obj) if obj else []}
