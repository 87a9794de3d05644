"""What the pages of all parts share: one desk at a time, its history, and who else edits it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, cast

from adminsortable2.admin import (
    MovePageActionForm,
    SortableAdminBase,
    SortableStackedInline,
    SortableTabularInline,
)
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminTextareaWidget, RelatedFieldWidgetWrapper
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from assessments.editing.changes import (
    SEEN,
    Clash,
    clashes,
    newest_change,
    of_part,
    seen_by,
)
from assessments.editing.history import history_address
from assessments.editing.services import next_place, put_in_order
from assessments.editing.widgets import Counted
from assessments.instrument.differences import Difference
from assessments.people.models import User
from assessments.questionnaires.fields import PlainText
from assessments.questionnaires.models import Questionnaire
from assessments.questionnaires.rows import Part, Side
from assessments.questionnaires.services import editing

ROWS_ON_A_PAGE = 500  # an order cannot be dragged over two pages
DESK = "questionnaire__id__exact"
FIXED = gettext_lazy("Names this for good: results and files refer to it. It cannot change later.")
CHANGED_MEANWHILE = gettext_lazy(
    "Nothing is saved yet: others changed this since you opened the page. The table above says "
    "what. If you save again, what you see here stays."
)


class DeskRequest(HttpRequest):
    """A request about one desk.

    `seen` is the newest change that its page shows, `clashes` are what others changed since it
    was opened.
    """

    desk: Questionnaire
    seen: int
    clashes: tuple[Clash, ...]


def desk_of(request: HttpRequest) -> Questionnaire:
    """The desk that an admin page is about."""
    return cast(DeskRequest, request).desk


def by(request: HttpRequest) -> User:
    """The editor."""
    return cast(User, request.user)


def names_of_sides(desk: Questionnaire) -> dict[str, str]:
    """What the questionnaire calls its two ends."""
    return {Side.A: desk.pole_a_name, Side.B: desk.pole_b_name}


# --- Filters ---------------------------------------------------------------------------------


class DeskFilter(admin.SimpleListFilter):
    """One questionnaire at a time; with only one there is nothing to choose."""

    title = gettext_lazy("questionnaire")
    parameter_name = DESK

    def has_output(self) -> bool:
        """Only where there is a choice."""
        return len(self.lookup_choices) > 1

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """All questionnaires."""
        return [(str(desk.pk), desk.title) for desk in Questionnaire.objects.order_by("pk")]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> Any:
        """Those of the questionnaire the page is about."""
        return queryset.filter(questionnaire=desk_of(request))

    def choices(self, changelist: Any) -> Any:
        """The questionnaires, without "all"."""
        chosen = str(desk_of(changelist.desk_request).pk)
        for value, title in self.lookup_choices:
            yield {
                "selected": value == chosen,
                "query_string": changelist.get_query_string({DESK: value}),
                "display": title,
            }

    def get_facet_counts(self, pk_attname: str, filtered_qs: models.QuerySet[Any]) -> Any:
        """None: the others' parts are not on the page."""
        return {}

    def get_facet_queryset(self, changelist: Any) -> Any:
        """None either."""
        return {}


class OfTheDesk(admin.RelatedFieldListFilter):
    """Offers only parts of the same questionnaire."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        """The parts of the desk, in their order."""
        offered = field.remote_field.model._default_manager.filter(questionnaire=desk_of(request))
        return [(part.pk, str(part)) for part in offered]


class BySide(admin.ChoicesFieldListFilter):
    """Sides under the names of the poles."""

    def choices(self, changelist: Any) -> Any:
        """Django's choices, with other words."""
        names = names_of_sides(desk_of(changelist.desk_request))
        words = {str(label): names[value] for value, label in Side.choices}
        for choice in super().choices(changelist):
            yield {**choice, "display": words.get(str(choice["display"]), choice["display"])}


# --- Forms -----------------------------------------------------------------------------------


class PartForm(forms.ModelForm):
    """A part of one desk. Refuses to be saved over what others changed meanwhile."""

    desk: ClassVar[Questionnaire]
    clashes: ClassVar[tuple[Clash, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self.instance.questionnaire = self.desk

    def _get_validation_exclusions(self) -> set[str]:
        # It is on no form, and yet two parts of it may not share a key.
        excluded = super()._get_validation_exclusions()  # type: ignore[misc]
        return cast(set[str], excluded) - {"questionnaire"}

    def clean(self) -> dict[str, Any] | None:
        """Refuse while there are clashes."""
        if self.clashes:
            raise forms.ValidationError(CHANGED_MEANWHILE)
        return super().clean()


class FieldsOfTheDesk:
    """Fields that offer what belongs to the same questionnaire, under its own words."""

    words_max: Mapping[str, int] = {}

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Count texts; no windows for adding on the side, which would not know the desk."""
        if isinstance(db_field, PlainText):
            words_max = self.words_max.get(db_field.name)
            # References have no limit to count against.
            kwargs["widget"] = (
                Counted(words_max=words_max)
                if db_field.max_length
                else AdminTextareaWidget({"rows": 4})
            )
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_add_related = field.widget.can_change_related = False
            field.widget.can_delete_related = field.widget.can_view_related = False
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer, and take, parts of this desk only."""
        model = db_field.remote_field.model
        if issubclass(model, Part):
            kwargs["queryset"] = model._default_manager.filter(questionnaire=desk_of(request))
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]
        if field and issubclass(model, Part):
            # Read once, and not for every row of an inline.
            field.choices = list(field.choices)
        return field

    def formfield_for_choice_field(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Call the sides by the names of the poles."""
        field = super().formfield_for_choice_field(db_field, request, **kwargs)  # type: ignore[misc]
        if set(Side.values) <= {value for value, _label in db_field.choices}:
            names = names_of_sides(desk_of(request))
            field.choices = [(value, names.get(value, label)) for value, label in field.choices]
        return field


class Children(FieldsOfTheDesk, SortableTabularInline):
    """Rows that belong to a part, in an order of their own. `parent` is the way to it."""

    parent: str
    extra = 0


class LongChildren(FieldsOfTheDesk, SortableStackedInline):
    """The same, with more text than fits into a row of a table."""

    parent: str
    extra = 0


# --- Pages -----------------------------------------------------------------------------------


class EditedOnADesk(FieldsOfTheDesk, SortableAdminBase, admin.ModelAdmin):
    """A row that is said on one desk: whatever is changed is one entry of the desk's history.

    Who saves over what somebody else changed meanwhile is told so first.
    """

    change_form_template = "admin/editing/part.html"

    class Media:
        css = {"all": ["css/desk.css"]}
        js = ["js/desk.js"]

    def desk_for(self, request: HttpRequest, row: Any) -> Questionnaire | None:
        """The desk that a request is about."""
        raise NotImplementedError

    def find_desk(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Settle which desk a request is about; whether there is one."""
        about = cast(DeskRequest, request)
        about.clashes = ()
        row = self.get_object(request, unquote(object_id)) if object_id else None
        desk = self.desk_for(request, row)
        if desk:
            about.desk = desk
        return desk is not None

    def without_desk(self, request: HttpRequest) -> HttpResponse:
        """There is no questionnaire yet."""
        messages.warning(request, _("Add a questionnaire first."))
        return redirect("admin:assessments_questionnaire_changelist")

    def touches(self, row: Any, difference: Difference) -> bool:
        """Whether what somebody else changed is on the page of this row."""
        return of_part(row.part)(difference)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        """Add or change a row; one entry of the history, or a refusal."""
        if not self.find_desk(request, object_id):
            return self.without_desk(request)
        more = (object_id, form_url, extra_context)
        # Before the row is read for the page, so that what comes between counts as not seen.
        cast(DeskRequest, request).seen = newest_change(desk_of(request))
        if request.method != "POST":
            return super().changeform_view(request, *more)
        with editing(questionnaire=desk_of(request), by=by(request), at=timezone.now()):
            # The desk is locked now: what is read from here on stays as it is.
            row = self.get_object(request, unquote(object_id)) if object_id else None
            cast(DeskRequest, request).seen = newest_change(desk_of(request))
            if row is not None:
                cast(DeskRequest, request).clashes = clashes(
                    desk=desk_of(request),
                    seen=seen_by(request),
                    touches=lambda difference: self.touches(row, difference),
                )
            return super().changeform_view(request, *more)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """What happened to this part in the desk's history, which knows more than Django's log."""
        if not self.find_desk(request, object_id):
            return self.without_desk(request)
        row: Any = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return redirect(history_address(desk_of(request).pk, row.part))

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form of a row of this desk."""
        form = super().get_form(request, obj, change, **kwargs)
        about = cast(DeskRequest, request)
        # A new questionnaire has no desk yet.
        return type(
            form.__name__,
            (form,),
            {"desk": getattr(about, "desk", None), "clashes": about.clashes},
        )

    def get_formset_kwargs(self, request: Any, obj: Any, inline: Any, prefix: str) -> Any:
        """The rows sent, of which some may be gone meanwhile."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if "data" in kwargs:
            siblings = kwargs["queryset"].filter(**{inline.parent: obj.pk})
            there = set(siblings.values_list("pk", flat=True))
            kwargs["data"] = with_gone_as_new(kwargs["data"], prefix, there)
        return kwargs

    def render_change_form(
        self,
        request: Any,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        """With the newest change it shows, and what changed since it was opened."""
        desk = getattr(request, "desk", None)
        context |= {
            "desk": desk,
            "seen_name": SEEN,
            "seen": cast(DeskRequest, request).seen if desk else 0,
            "clashes": cast(DeskRequest, request).clashes,
            "action_links": self.links(request, obj) if desk else [],
            **self.facts(request, obj),
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def links(self, request: HttpRequest, obj: Any = None) -> list[tuple[str, str]]:
        """Where the list (without `obj`) or the page of a part leads: names and addresses."""
        return []

    def facts(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """What the template of a row's page shows besides its form."""
        return {}


class PartAdmin(EditedOnADesk):
    """A kind of part: its list, in the document's order and of one desk, and its page."""

    form = PartForm
    action_form = MovePageActionForm
    change_list_template = "admin/editing/part_list.html"
    list_per_page = list_max_show_all = ROWS_ON_A_PAGE
    list_filter: ClassVar[Any] = (DeskFilter,)
    ordering = ("place", "pk")
    prefetched: tuple[str, ...] = ()

    # --- Pages ---

    def get_urls(self) -> list[URLPattern]:
        """Django's, after the one that saves the order of a list."""
        view = self.admin_site.admin_view(require_POST(self.order_view))
        return [path("order/<int:desk>/", view, name=self._order_name), *super().get_urls()]

    @property
    def _order_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_order"

    def desk_for(self, request: HttpRequest, row: Any) -> Questionnaire | None:
        """The row's; on a list and for a new row the one asked for, or the first."""
        return row.questionnaire if row else _asked_for(request)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """Delete a part, with what hangs on it; one entry of the history."""
        if not self.find_desk(request, object_id):
            return self.without_desk(request)
        if request.method != "POST":
            return super().delete_view(request, object_id, extra_context)
        with editing(questionnaire=desk_of(request), by=by(request), at=timezone.now()):
            return super().delete_view(request, object_id, extra_context)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The parts of one desk; deleting several of them is one entry of the history."""
        if not self.find_desk(request):
            return self.without_desk(request)
        desk = desk_of(request)
        context = {
            **(extra_context or {}),
            "desk": desk,
            "order_url": reverse(f"admin:{self._order_name}", args=[desk.pk]),
            "action_links": self.links(request),
        }
        if request.method != "POST":
            return super().changelist_view(request, context)
        with editing(questionnaire=desk, by=by(request), at=timezone.now()):
            return super().changelist_view(request, context)

    def order_view(self, request: HttpRequest, desk: int) -> HttpResponse:
        """Save the order of a list; takes what django-admin-sortable2 sends."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        questionnaire = Questionnaire.objects.filter(pk=desk).first()
        pks = _dragged(request)
        if questionnaire is None or pks is None:
            return HttpResponseBadRequest(_("This is no order."))
        with editing(questionnaire=questionnaire, by=by(request), at=timezone.now()):
            parts = self.model._default_manager.filter(questionnaire=questionnaire)
            put_in_order(parts=parts, pks=pks)
        return HttpResponse(_("Saved"))

    # --- The list ---

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """With what the list shows of other rows."""
        return super().get_queryset(request).prefetch_related(*self.prefetched)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Django's, which knows the desk."""
        return type("DeskList", (super().get_changelist(request),), {"desk_request": request})

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list; each row knows whether the list is in the document's order."""
        listed = super().get_changelist_instance(request)
        is_in_order = not listed.get_ordering_field_columns()
        names = names_of_sides(desk_of(request))
        for row in listed.result_list:
            row.can_be_moved = is_in_order and self.has_change_permission(request)
            row.names_of_sides = names
        return listed

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """The handle for dragging first."""
        return ["handle", *super().get_list_display(request)]

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> Any:
        """The column after the handle leads to the page."""
        return list_display[1:2]

    @admin.display(description=gettext_lazy("order"))
    def handle(self, row: Any) -> SafeString:
        """What a row is dragged by, or moved with the arrow keys."""
        if not row.can_be_moved:
            return SafeString("")
        return format_html(
            '<button type="button" class="drag handle" pk="{}" order="{}" '
            'aria-label="{}" title="{}"></button>',
            row.pk,
            row.place,
            _("Move %(name)s") % {"name": row},
            _("Drag, or press the up and down arrows"),
        )

    # --- The page of a part ---

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Says of the name that it stays."""
        helps = {self.model.identity: FIXED, **kwargs.pop("help_texts", {})}
        return super().get_form(request, obj, change, help_texts=helps, **kwargs)

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        """What the page settles by itself."""
        return (*(super().get_exclude(request, obj) or ()), "questionnaire", "place")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What names a part stays, once it is there."""
        fixed = (self.model.identity,) if obj else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def get_preserved_filters(self, request: HttpRequest) -> str:
        """Back to the list of the same questionnaire."""
        kept = super().get_preserved_filters(request)
        if kept or not hasattr(request, "desk"):
            return kept
        return urlencode({"_changelist_filters": urlencode({DESK: desk_of(request).pk})})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A new part comes last."""
        if not change:
            siblings = self.model._default_manager.filter(questionnaire=desk_of(request))
            obj.place = next_place(siblings)
        super().save_model(request, obj, form, change)

    # --- Deleted while somebody edited it ---

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        if request.method == "POST":
            return self.gone(request, object_id)
        return super()._get_obj_does_not_exist_redirect(request, opts, object_id)

    def gone(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say who deleted the row, and give back what was typed."""
        deletions = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model),
            object_id=object_id,
            action_flag=DELETION,
        )
        context = {
            **self.admin_site.each_context(request),
            "title": _("Deleted meanwhile"),
            "opts": self.opts,
            "desk": desk_of(request),
            "deletion": deletions.select_related("user").order_by("-pk").first(),
            "typed": [(self._label(name), value) for name, value in _typed(request.POST)],
        }
        return TemplateResponse(request, "admin/editing/gone.html", context, status=409)

    def _label(self, name: str) -> str:
        try:
            return str(self.opts.get_field(name).verbose_name)  # type: ignore[union-attr]
        except FieldDoesNotExist:
            return name.replace("-", " ").replace("_", " ")


def _typed(data: QueryDict) -> Iterator[tuple[str, str]]:
    """What was sent that a person may have written, by the names of its fields."""
    for name, values in data.lists():
        value = str(values[-1]) if values else ""
        is_ours = name.startswith("_") or name in {"csrfmiddlewaretoken", SEEN}
        is_of_the_form = name.endswith(("_FORMS", "-id", "-place")) or "__" in name
        if value and not is_ours and not is_of_the_form:
            yield name, value


def _asked_for(request: HttpRequest) -> Questionnaire | None:
    """The desk of a list or of an adding page: the one asked for, or the first."""
    filters = QueryDict(request.GET.get("_changelist_filters", ""))
    asked = request.GET.get(DESK) or filters.get(DESK) or ""
    desks = Questionnaire.objects.order_by("pk")
    return (asked.isdecimal() and desks.filter(pk=asked).first()) or desks.first()


def _dragged(request: HttpRequest) -> list[int] | None:
    """The ids sent, in their new order; None for anything else."""
    try:
        rows = json.loads(request.body)["updatedItems"]
        return [int(pk) for pk, _order in sorted(rows, key=lambda row: int(row[1]))]
    except (ValueError, TypeError, KeyError, IndexError):
        return None


def with_gone_as_new(data: QueryDict, prefix: str, there: set[int]) -> QueryDict:
    """The data of inline rows, in which those that are gone meanwhile are new ones.

    What was typed into them is neither lost nor saved unseen: Django would drop them.
    """
    try:
        total = int(str(data[f"{prefix}-TOTAL_FORMS"]))
        initial = int(str(data[f"{prefix}-INITIAL_FORMS"]))
    except (KeyError, ValueError):
        return data
    ids = [str(data.get(f"{prefix}-{number}-id", "")) for number in range(initial)]
    gone = [n for n, pk in enumerate(ids) if not (pk.isdecimal() and int(pk) in there)]
    if not gone or total > ROWS_ON_A_PAGE:
        return data
    kept = [n for n in range(initial) if n not in gone]
    renumbered = data.copy()
    for name in [name for name in data if name.startswith(f"{prefix}-")]:
        del renumbered[name]
    for new, old in enumerate([*kept, *gone, *range(initial, total)]):
        beginning = f"{prefix}-{old}-"
        for name in data:
            if name.startswith(beginning):
                renumbered.setlist(
                    f"{prefix}-{new}-{name.removeprefix(beginning)}", data.getlist(name)
                )
        if old in gone:
            renumbered[f"{prefix}-{new}-id"] = ""
    for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM"):
        renumbered[f"{prefix}-{name}_FORMS"] = data.get(f"{prefix}-{name}_FORMS", "")
    renumbered[f"{prefix}-INITIAL_FORMS"] = str(len(kept))
    return renumbered
