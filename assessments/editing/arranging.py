"""Pages that put rows in order, in one list or in several, saved by one request.

Each row has a number (`place-…`) and, where there are several lists, a list (`group-…`); the
script that drags rows only fills these in. So the page works without it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.editing.changes import SEEN, Clash, clashes, newest_change, seen_by
from assessments.editing.lengths import seconds_of, title_of
from assessments.editing.pages import desk_page, render_desk
from assessments.editing.services import arrange_form, put_in_tie_order, set_packs
from assessments.instrument.differences import Difference
from assessments.people.models import User
from assessments.questionnaires.models import Questionnaire
from assessments.questionnaires.rows import (
    Dimension,
    Form,
    Item,
    PackStep,
    Placement,
    Recommendation,
    Section,
)
from assessments.questionnaires.services import editing

REST = ""
"""The list of what stands in no list."""
SECONDS_IN_A_MINUTE = 60


@dataclass(slots=True)
class Entry:
    """A row to put in order. `pk` is of the row, `name` its name among the inputs."""

    pk: int
    name: str
    title: str
    facts: Sequence[str] = ()
    seconds: float = 0
    address: str = ""
    place: int = 0
    group: str = REST


@dataclass(slots=True)
class Group:
    """A list of rows.

    `offered` are those that may be added to it, as ids and titles; `added` is the one that is to
    be, 0 for none.
    """

    name: str
    title: str
    entries: list[Entry] = field(default_factory=list)
    offered: Sequence[tuple[int, str]] = ()
    added: int = 0

    @property
    def minutes(self) -> float:
        """How long its questions take."""
        return sum(entry.seconds for entry in self.entries) / SECONDS_IN_A_MINUTE


Order = dict[str, list[int]]
"""The ids of rows in order, by the names of their lists."""


def sent_order(request: HttpRequest, groups: Iterable[Group]) -> list[Group]:
    """The lists as the page sent them. What it did not name stays where it is, but last."""
    lists = {group.name: group for group in groups}
    placed: dict[str, list[tuple[int, int, Entry]]] = {name: [] for name in lists}
    entries = [entry for group in lists.values() for entry in group.entries]
    for number, entry in enumerate(entries):
        chosen = request.POST.get(f"group-{entry.name}", entry.group)
        place = request.POST.get(f"place-{entry.name}", "")
        entry.group = chosen if chosen in lists else entry.group
        rank = int(place) if place.isdecimal() else len(entries)
        placed[entry.group].append((rank, number, entry))
    for name, group in lists.items():
        group.entries = [entry for _rank, _number, entry in sorted(placed[name], key=_first_two)]
        _renumber(group)
    return list(lists.values())


def order_of(groups: Iterable[Group]) -> Order:
    """The ids of the rows in each list."""
    return {
        group.name: [entry.pk for entry in group.entries] for group in groups if group.name != REST
    }


def _first_two(ranked: tuple[int, int, Entry]) -> tuple[int, int]:
    return ranked[:2]


def _renumber(group: Group) -> Group:
    for place, entry in enumerate(group.entries, start=1):
        entry.place, entry.group = place, group.name
    return group


# --- Questions of a form ---------------------------------------------------------------------


@desk_page("assessments.change_form")
def arrange(request: HttpRequest, questionnaire: Questionnaire, form: int) -> HttpResponse:
    """All questions, in the sections of a form and beside them."""
    row = get_object_or_404(Form, pk=form, questionnaire=questionnaire)
    here = redirect("admin:desk-arrange", questionnaire.pk, row.pk)
    page = {
        "title": _("Arrange questions: %(form)s") % {"form": row.title},
        "back": reverse("admin:assessments_form_change", args=[row.pk]),
        "minutes_max": row.minutes_max,
    }
    if request.method != "POST":
        seen = newest_change(questionnaire)
        return _show(request, questionnaire, form_groups(questionnaire, row), page, seen)
    with editing(questionnaire=questionnaire, by=_by(request), at=timezone.now()) as desk:
        found = _clashes(request, desk, lambda d: d.part == row.part and _is_of(d, "sections"))
        groups = sent_order(request, form_groups(desk, row))
        if not found:
            order = {int(name): pks for name, pks in order_of(groups).items()}
            arrange_form(form=row, items=order)
            return _saved(request, here)
        seen = newest_change(desk)
    return _show(request, questionnaire, groups, page, seen, found)


def form_groups(desk: Questionnaire, form: Form) -> list[Group]:
    """The sections of a form with their questions, and last the questions that it has not."""
    items = Item.objects.filter(questionnaire=desk).select_related("dimension")
    found = {item.pk: item for item in items.prefetch_related("options")}
    names = {"a": desk.pole_a_name, "b": desk.pole_b_name}
    groups = {
        section.pk: Group(str(section.pk), section.title)
        for section in Section.objects.filter(form=form)
    }
    placements = Placement.objects.filter(section__form=form).order_by("place", "pk")
    for placement in placements:
        # Twice on a form is a fault; the first stands.
        if item := found.pop(placement.item_id, None):
            groups[placement.section_id].entries.append(_question(item, names))
    rest = Group(REST, _("Not on this form"), [_question(item, names) for item in found.values()])
    return [_renumber(group) for group in (*groups.values(), rest)]


def _question(item: Item, names: Mapping[str, str]) -> Entry:
    match item.kind:
        case Item.Kind.PAIR:
            side = _("%(pole)s left") % {"pole": names.get(item.left_pole, "?")}
        case Item.Kind.RATING:
            side = names.get(item.side, "?")
        case _:
            side = names.get(item.setting, str(item.get_setting_display()) or "?")
    return Entry(
        pk=item.pk,
        name=str(item.pk),
        title=title_of(item) or item.key,
        facts=(str(item.get_kind_display()), item.dimension.name, side),
        seconds=seconds_of(item),
        address=reverse("admin:assessments_item_change", args=[item.pk]),
    )


# --- Dimensions in ties ----------------------------------------------------------------------


@desk_page("assessments.change_dimension")
def ties(request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
    """The dimensions in the order in which a study plan takes them when gaps are equal."""
    page = {
        "title": _("Order in ties"),
        "back": reverse("admin:assessments_dimension_changelist"),
        "about": _("Of two dimensions with equal gaps, a study plan takes the upper one first."),
    }
    if request.method != "POST":
        seen = newest_change(questionnaire)
        return _show(request, questionnaire, tie_groups(questionnaire), page, seen)
    with editing(questionnaire=questionnaire, by=_by(request), at=timezone.now()) as desk:
        found = _clashes(request, desk, lambda d: _is_of_study(d, "tie_order"))
        groups = sent_order(request, tie_groups(desk))
        if not found:
            put_in_tie_order(desk=desk, pks=order_of(groups)["ties"])
            return _saved(request, redirect("admin:desk-ties", desk.pk))
        seen = newest_change(desk)
    return _show(request, questionnaire, groups, page, seen, found)


def tie_groups(desk: Questionnaire) -> list[Group]:
    """One list: the dimensions."""
    dimensions = Dimension.objects.filter(questionnaire=desk).order_by("tie_place", "pk")
    entries = [
        Entry(pk=dimension.pk, name=str(dimension.pk), title=dimension.name)
        for dimension in dimensions
    ]
    return [_renumber(Group("ties", _("Dimensions"), entries))]


# --- Steps for every plan --------------------------------------------------------------------


@desk_page("assessments.change_packstep")
def packs(request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
    """The three lists of recommendations that every plan may use."""
    page = {
        "title": _("Steps for every plan"),
        "back": reverse("admin:assessments_recommendation_changelist"),
        "about": _("A step may stand in more than one of the lists."),
    }
    if request.method != "POST":
        seen = newest_change(questionnaire)
        return _show(request, questionnaire, pack_groups(questionnaire), page, seen)
    with editing(questionnaire=questionnaire, by=_by(request), at=timezone.now()) as desk:
        found = _clashes(
            request, desk, lambda d: any(_is_of_study(d, pack) for pack in PackStep.Pack.values)
        )
        groups = sent_order(request, pack_groups(desk))
        for group in groups:
            group.added = _added(request, group)
        if not found:
            steps = order_of(groups)
            for group in groups:
                if group.added:
                    steps[group.name].append(group.added)
            set_packs(desk=desk, steps=steps)
            return _saved(request, redirect("admin:desk-packs", desk.pk))
        seen = newest_change(desk)
    return _show(request, questionnaire, groups, page, seen, found)


def pack_groups(desk: Questionnaire) -> list[Group]:
    """The lists with their steps, and an empty one for what is to be taken out."""
    offered = [
        (row.pk, f"{row.key}: {row.title}")
        for row in Recommendation.objects.filter(questionnaire=desk)
    ]
    steps = PackStep.objects.filter(questionnaire=desk).select_related("recommendation")
    groups = [
        Group(
            str(pack),
            str(pack.label),
            [_step(step.recommendation, pack) for step in steps if step.pack == pack],
            offered,
        )
        for pack in PackStep.Pack
    ]
    return [_renumber(group) for group in (*groups, Group(REST, _("To be taken out")))]


def _step(row: Recommendation, pack: str) -> Entry:
    return Entry(
        pk=row.pk,
        name=f"{pack}-{row.pk}",
        title=row.title,
        facts=(str(row.get_kind_display()), _("%(hours)s h") % {"hours": row.hours}),
        address=reverse("admin:assessments_recommendation_change", args=[row.pk]),
    )


def _added(request: HttpRequest, group: Group) -> int:
    """The step that was chosen to be added to a list; 0 for none."""
    pk = request.POST.get(f"add-{group.name}", "")
    return int(pk) if pk.isdecimal() and int(pk) in dict(group.offered) else 0


# --- Shared ----------------------------------------------------------------------------------


def _by(request: HttpRequest) -> User:
    return cast(User, request.user)


def _is_of(difference: Difference, name: str) -> bool:
    return difference.field == name or difference.field.startswith(f"{name}.")


def _is_of_study(difference: Difference, name: str) -> bool:
    return difference.part == ("study",) and _is_of(difference, name)


def _clashes(request: HttpRequest, desk: Questionnaire, touches: Any) -> tuple[Clash, ...]:
    return clashes(desk=desk, seen=seen_by(request), touches=touches)


def _saved(request: HttpRequest, there: HttpResponse) -> HttpResponse:
    messages.success(request, _("Saved."))
    return there


def _show(
    request: HttpRequest,
    desk: Questionnaire,
    groups: list[Group],
    page: dict[str, Any],
    seen: int,
    found: tuple[Clash, ...] = (),
) -> HttpResponse:
    # `seen` was asked for before, or under lock with, what the page shows.
    return render_desk(
        request,
        desk,
        "arrange.html",
        page.pop("title"),
        status=409 if found else 200,
        groups=groups,
        choices=[(group.name, group.title) for group in groups],
        has_lists=len(groups) > 1,
        minutes=sum(group.minutes for group in groups if group.name != REST),
        clashes=found,
        seen=seen,
        seen_name=SEEN,
        **page,
    )
