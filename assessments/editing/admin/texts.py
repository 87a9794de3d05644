"""Sources, glossary, background questions and clusters."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from assessments.editing.admin.base import Children, DeskFilter, PartAdmin
from assessments.questionnaires.rows import (
    BackgroundOption,
    BackgroundQuestion,
    Cluster,
    Source,
    Term,
)


@admin.register(Source)
class SourceAdmin(PartAdmin):
    """What the questionnaire rests on."""

    list_display = ("ref", "title")
    search_fields = ("ref", "title")
    fields = ("ref", "title")


@admin.register(Term)
class TermAdmin(PartAdmin):
    """Words that are explained where they stand."""

    list_display = ("term", "gloss")
    search_fields = ("term", "gloss")
    fields = ("term", "gloss")


class OptionsOfBackground(Children):
    model = BackgroundOption
    parent = "question"
    fields = ("key", "text")


@admin.register(BackgroundQuestion)
class BackgroundQuestionAdmin(PartAdmin):
    """Asked before the form and never scored."""

    list_display = ("text", "key", "sets", "options_count")
    list_filter = (DeskFilter, "sets")
    search_fields = ("key", "text")
    fields = ("key", "text", "sets")
    inlines = (OptionsOfBackground,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[BackgroundQuestion]:
        """With the number of options."""
        return super().get_queryset(request).annotate(number=Count("options"))

    @admin.display(description=_("options"))
    def options_count(self, row: BackgroundQuestion) -> int:
        """How many answers there are."""
        return getattr(row, "number", 0)


@admin.register(Cluster)
class ClusterAdmin(PartAdmin):
    """Groups of dimensions, with what a result without rows says of each."""

    list_display = ("name", "key", "dimensions_named")
    search_fields = ("key", "name")
    prefetched = ("dimensions",)
    fieldsets = (
        (None, {"fields": ("key", "name")}),
        (_("What the result says"), {"fields": ("a_ready", "b_ready", "both", "neither_yet")}),
    )

    @admin.display(description=_("dimensions"))
    def dimensions_named(self, row: Cluster) -> str:
        """Its dimensions."""
        return ", ".join(dimension.name for dimension in row.dimensions.all())
