"""Questions of three kinds, with what an editor wants to know of each."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.editing.admin.base import (
    BySide,
    Children,
    DeskFilter,
    OfTheDesk,
    PartAdmin,
    PartForm,
    desk_of,
)
from assessments.editing.answers import answers_so_far
from assessments.editing.lengths import texts_of, title_of, words_in
from assessments.editing.usage import (
    against_the_edition,
    checked,
    revision_of,
    sources_of,
    uses_of,
)
from assessments.instrument.item_checks import (
    OPTION_MAX_WORDS,
    PAIR_MAX_WORDS,
    RATING_MAX_WORDS,
    SCENARIO_MAX_WORDS,
    SETTING_MAX_WORDS,
)
from assessments.questionnaires.rows import Form, Item, Option

Kind = Item.Kind
FIELDS: Mapping[str, tuple[str, ...]] = {
    Kind.PAIR: ("left_pole", "left_text", "right_pole", "right_text"),
    Kind.RATING: ("side", "text"),
    Kind.SCENARIO: ("setting", "text", "question"),
}
WORDS_MAX_IN_ALL: Mapping[str, int] = {
    Kind.PAIR: PAIR_MAX_WORDS,
    Kind.RATING: RATING_MAX_WORDS,
    Kind.SCENARIO: SCENARIO_MAX_WORDS,
}
ANOTHER_QUESTION = gettext_lazy(
    "Another dimension, side or keying makes it another question: better add a new one."
)
HELP = {
    "dimension": ANOTHER_QUESTION,
    "left_pole": ANOTHER_QUESTION,
    "right_pole": ANOTHER_QUESTION,
    "side": ANOTHER_QUESTION,
    "setting": ANOTHER_QUESTION,
}
LONGEST_IN_A_LIST = 120


class ItemForm(PartForm):
    """A question of one kind, chosen before the form is shown."""

    kind: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self.instance.kind = self.kind


class OnAForm(admin.SimpleListFilter):
    """The questions of one form, or of none."""

    title = gettext_lazy("form")
    parameter_name = "form"
    NONE = "none"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The forms of the desk."""
        forms = Form.objects.filter(questionnaire=desk_of(request))
        return [*((str(form.pk), form.title) for form in forms), (self.NONE, _("on no form"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Item]) -> QuerySet[Item]:
        """The questions chosen."""
        value = self.value()
        if value == self.NONE:
            return queryset.filter(placements=None)
        if value and value.isdecimal():
            return queryset.filter(placements__section__form=int(value)).distinct()
        return queryset


class Options(Children):
    model = Option
    parent = "item"
    fields = ("key", "text", "fit_a", "fit_b")
    words_max = {"text": OPTION_MAX_WORDS}


@admin.register(Item)
class ItemAdmin(PartAdmin):
    """The questions. On adding, the kind is chosen first; it decides the fields."""

    form = ItemForm
    change_form_template = "admin/editing/item.html"
    change_list_template = "admin/editing/item_list.html"
    list_display = ("text_shown", "key", "kind", "dimension", "sides_shown", "used_on")
    list_filter = (
        DeskFilter, "kind", ("dimension", OfTheDesk), ("side", BySide), "setting", OnAForm,
    )  # fmt: skip
    list_select_related = ("dimension",)
    prefetched = ("placements__section__form", "options")
    search_fields = ("key", "text", "left_text", "right_text", "question", "options__text")

    # --- Fields by kind ---

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> Any:
        """The kind first, then the form."""
        if request.GET.get("kind") in Kind.values:
            return super().add_view(request, form_url, extra_context)
        if not self.has_add_permission(request):
            raise PermissionDenied
        if not self.find_desk(request):
            return self.without_desk(request)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Add question"),
            "opts": self.opts,
            "desk": desk_of(request),
            "kinds": [
                (label, f"?{urlencode({**request.GET.dict(), 'kind': kind})}", _ABOUT[kind])
                for kind, label in Kind.choices
            ],
        }
        return TemplateResponse(request, "admin/editing/choose_kind.html", context)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fields of its kind."""
        own = FIELDS[self._kind(request, obj)]
        about = ("key", "kind", "dimension") if obj else ("key", "dimension")
        return (
            (None, {"fields": about}),
            (_("What is asked"), {"fields": own}),
            (_("Sources"), {"fields": ("source_refs",)}),
        )

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form of its kind."""
        form = super().get_form(request, obj, change, help_texts=HELP, **kwargs)
        return type(form.__name__, (form,), {"kind": self._kind(request, obj)})

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The kind stays."""
        return (*super().get_readonly_fields(request, obj), *(("kind",) if obj else ()))

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Options, for a scenario."""
        return (Options,) if self._kind(request, obj) == Kind.SCENARIO else ()

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """With the limit of the kind; a scenario's setting is shorter than it is in all."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "text":
            kind = request.desk_kind
            field.widget.words_max = (
                SETTING_MAX_WORDS if kind == Kind.SCENARIO else RATING_MAX_WORDS
            )
        return field

    def _kind(self, request: Any, obj: Any) -> str:
        request.desk_kind = obj.kind if obj else request.GET.get("kind", Kind.PAIR)
        return str(request.desk_kind)

    # --- The list ---

    @admin.display(description=gettext_lazy("question"))
    def text_shown(self, row: Item) -> str:
        """What is asked, shortened."""
        title = title_of(row) or row.key
        return title if len(title) <= LONGEST_IN_A_LIST else f"{title[:LONGEST_IN_A_LIST]}…"

    @admin.display(description=gettext_lazy("side"))
    def sides_shown(self, row: Any) -> str:
        """The pole on the left, the side rated, or the setting."""
        names = row.names_of_sides
        match row.kind:
            case Kind.PAIR:
                return _("%(pole)s left") % {"pole": names.get(row.left_pole, "?")}
            case Kind.RATING:
                return str(names.get(row.side, "?"))
            case _:
                return str(names.get(row.setting, row.get_setting_display() or "?"))

    @admin.display(description=gettext_lazy("used on"))
    def used_on(self, row: Item) -> str:
        """The forms it stands on."""
        forms = dict.fromkeys(one.section.form.title for one in row.placements.all())
        return ", ".join(forms) or _("no form")

    # --- The page ---

    def links(self, request: HttpRequest, obj: Any = None) -> list[tuple[str, str]]:
        """From the list to a form for each kind."""
        if obj is not None or not self.has_add_permission(request):
            return []
        add = reverse("admin:assessments_item_add")
        kept = self.get_preserved_filters(request)
        return [
            (_("Add %(kind)s") % {"kind": label}, f"{add}?kind={kind}&{kept}")
            for kind, label in Kind.choices
        ]

    def facts(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Where it is used, its sources, its revision, its faults, its answers."""
        kind = self._kind(request, obj)
        limit = WORDS_MAX_IN_ALL[kind]
        count = words_in(texts_of(obj)) if obj else 0
        length = {"words": count, "words_max": limit, "is_over": count > limit}
        if obj is None:
            return {"length": length, "kind": kind}
        desk = desk_of(request)
        found = checked(desk, obj)
        return {
            "length": length,
            "kind": kind,
            "uses": uses_of(obj),
            "sources": sources_of(desk, obj),
            "revision": revision_of(found.document, obj),
            "against": against_the_edition(desk, found.document, obj),
            "faults": found.faults,
            "answers": answers_so_far(obj),
        }


_ABOUT: Mapping[str, Any] = {
    Kind.PAIR: gettext_lazy(
        "Two statements and five positions between them. Measures preference."
    ),
    Kind.RATING: gettext_lazy("One act, and how far one has done it. Measures readiness."),
    Kind.SCENARIO: gettext_lazy("A situation and what to do first. Adds to readiness."),
}
