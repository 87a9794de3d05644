"""A questionnaire in the admin: its own values, and the way to everything on its desk."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.editing import (
    analysis_views,
    check_views,
    compare_views,
    history_views,
    impact_views,
    preview_views,
    publish_views,
    transfer_views,
)
from assessments.editing.admin.base import (
    CHANGED_MEANWHILE,
    DESK,
    FIXED,
    EditedOnADesk,
    by,
    desk_of,
)
from assessments.editing.arranging import arrange, packs, ties
from assessments.editing.pages import View, tabs_of
from assessments.editing.targets import targets
from assessments.instrument.differences import Difference
from assessments.questionnaires.models import Questionnaire
from assessments.questionnaires.rows import PARTS, PackStep, Target
from assessments.questionnaires.services import editing

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
    ("forms/<int:form>/arrange/", "arrange", arrange),
    ("targets/", "targets", targets),
    ("ties/", "ties", ties),
    ("packs/", "packs", packs),
    ("analysis/", "analysis", analysis_views.analysis),
    ("analysis/table.csv", "analysis-csv", analysis_views.analysis_csv),
    ("analysis/refresh/", "analysis-refresh", analysis_views.analysis_refresh),
    ("analysis/<int:number>/<slug:form>/calibrate/", "calibrate", analysis_views.calibrate),
    ("impact/", "impact", impact_views.impact),
    ("impact/run/", "impact-run", impact_views.run),
    ("export/", "export", transfer_views.export),
    ("export/<str:version>/<str:kind>/", "export-file", transfer_views.export_file),
    ("import/", "import", transfer_views.upload),
    ("import/preview/", "import-preview", transfer_views.preview),
    ("import/discard/", "import-discard", transfer_views.give_up),
)

# For a questionnaire from scratch; any of it may be worded anew.
INITIAL = {
    "licence": "CC BY 4.0",
    "pole_a_colour": "orange",
    "pole_b_colour": "blue",
    "stem_pair": gettext_lazy("Which would you rather have more of in your work?"),
    "stem_rating": gettext_lazy("How far have you done this?"),
    "pair_label_1": gettext_lazy("Much more A"),
    "pair_label_2": gettext_lazy("Slightly more A"),
    "pair_label_3": gettext_lazy("Both or neither equally"),
    "pair_label_4": gettext_lazy("Slightly more B"),
    "pair_label_5": gettext_lazy("Much more B"),
    "rating_label_0": gettext_lazy("Not yet"),
    "rating_text_0": gettext_lazy("I have not met this, or could not explain it."),
    "rating_label_1": gettext_lazy("Know it"),
    "rating_text_1": gettext_lazy("I could explain it, but have not done it."),
    "rating_label_2": gettext_lazy("Helped"),
    "rating_text_2": gettext_lazy("I have done it with guidance, or in a realistic exercise."),
    "rating_label_3": gettext_lazy("Did it"),
    "rating_text_3": gettext_lazy(
        "I have done it myself in real work and can describe the result."
    ),
    "rating_label_4": gettext_lazy("Led it"),
    "rating_text_4": gettext_lazy(
        "I have done it many times and have taught it or set the standard."
    ),
}


class QuestionnaireForm(forms.ModelForm):
    """What a questionnaire says by itself."""

    clashes: tuple[Any, ...] = ()

    def clean(self) -> dict[str, Any] | None:
        """Refuse while there are clashes."""
        if self.clashes:
            raise forms.ValidationError(CHANGED_MEANWHILE)
        return super().clean()


@admin.register(Questionnaire)
class QuestionnaireAdmin(EditedOnADesk):
    """Its own values; nobody deletes one, since editions hang on it."""

    form = QuestionnaireForm
    change_form_template = "admin/editing/questionnaire.html"
    list_display = ("title", "slug", "language", "changed_at", "retired_at")
    fieldsets = (
        (None, {"fields": ("slug", "title", "language", "licence")}),
        (
            gettext_lazy("Poles"),
            {
                "fields": (
                    ("pole_a_name", "pole_a_long_name", "pole_a_colour"),
                    ("pole_b_name", "pole_b_long_name", "pole_b_colour"),
                )
            },
        ),
        (
            gettext_lazy("What pairs ask, and their five answers from left to right"),
            {"fields": ("stem_pair", *(f"pair_label_{number}" for number in range(1, 6)))},
        ),
        (
            gettext_lazy("What ratings ask, and their five answers"),
            {
                "fields": (
                    "stem_rating",
                    *(
                        field
                        for number in range(5)
                        for field in (f"rating_label_{number}", f"rating_text_{number}")
                    ),
                )
            },
        ),
        (gettext_lazy("Study plan"), {"fields": ("step_hours",)}),
    )

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

    def desk_for(self, request: HttpRequest, row: Any) -> Questionnaire | None:
        """Itself."""
        return row if isinstance(row, Questionnaire) else None

    def without_desk(self, request: HttpRequest) -> HttpResponse:
        """There is none of that id: Django says so."""
        match = request.resolver_match
        asked = match.kwargs.get("object_id", "") if match else ""
        return self._get_obj_does_not_exist_redirect(request, self.opts, asked)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> Any:
        """A questionnaire from scratch; its values are the first entry of its history."""
        request.clashes = ()  # type: ignore[attr-defined]
        return admin.ModelAdmin.changeform_view(self, request, None, form_url, extra_context)

    def touches(self, row: Any, difference: Difference) -> bool:
        """Its own values, and the hours of a step."""
        hours = difference.part == ("study",) and difference.field.startswith("step_hours")
        return hours or super().touches(row, difference)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Says of the slug that it stays."""
        return super().get_form(request, obj, change, help_texts={"slug": FIXED}, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Results are addressed by its slug."""
        return ("slug",) if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        """The anchors and stems that most questionnaires have."""
        return {**INITIAL, **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A new one begins empty, so that its history begins with what it says."""
        if change:
            super().save_model(request, obj, form, change)
            return
        at = timezone.now()
        empty = Questionnaire.objects.create(slug=obj.slug, changed_at=at)
        with editing(questionnaire=empty, by=by(request), at=at):
            obj.pk, obj.changed_at = empty.pk, at
            obj.save(force_update=True)

    def facts(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """The pages about a questionnaire, and its parts with their numbers."""
        if obj is None:
            return {}
        return {"tabs": tabs_of(request, obj), "parts": _parts(desk_of(request))}


def _parts(desk: Questionnaire) -> list[tuple[str, int, str]]:
    """Each kind of part: its name, how many there are, and where they are."""
    parts = [
        (
            str(model._meta.verbose_name_plural),
            model._default_manager.filter(questionnaire=desk).count(),
            f"{reverse(f'admin:assessments_{model._meta.model_name}_changelist')}"
            f"?{urlencode({DESK: desk.pk})}",
        )
        for model in PARTS
    ]
    steps = PackStep.objects.filter(questionnaire=desk).count()
    cells = Target.objects.filter(role__questionnaire=desk).count()
    return [
        *parts,
        (_("targets of roles"), cells, reverse("admin:desk-targets", args=[desk.pk])),
        (_("steps for every plan"), steps, reverse("admin:desk-packs", args=[desk.pk])),
    ]
