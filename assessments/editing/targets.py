"""The targets of all roles as one table: rows are dimensions, columns roles."""

from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.editing.changes import SEEN, Clash, clashes, newest_change, seen_by
from assessments.editing.pages import desk_page, render_desk
from assessments.editing.services import Cell, set_targets, targets_of
from assessments.instrument.differences import Difference
from assessments.instrument.document import PAIR_MAX, PAIR_MIN
from assessments.people.models import User
from assessments.questionnaires.models import Questionnaire
from assessments.questionnaires.rows import Dimension, Role
from assessments.questionnaires.services import editing

POSITIONS = [str(position) for position in range(PAIR_MIN, PAIR_MAX + 1)]
WEIGHTS = [str(weight) for weight in range(4)]
SIGNED = {position: f"{int(position):+d}".replace("-", "−") for position in POSITIONS} | {"0": "0"}


@dataclass(frozen=True, slots=True)
class Field:
    """A cell as the page shows it: what was chosen, what is stored, what is wrong."""

    role: Role
    dimension: Dimension
    position: str
    weight: str
    position_stored: str
    weight_stored: str

    @property
    def name(self) -> str:
        """Its name among the inputs."""
        return f"{self.role.pk}-{self.dimension.pk}"

    @property
    def error(self) -> str:
        """What is wrong with what was chosen; "" if nothing is."""
        if self.position not in {"", *POSITIONS} or self.weight not in {"", *WEIGHTS}:
            return _("Choose from the list.")
        if bool(self.position) != bool(self.weight):
            return _("Choose both, or neither.")
        return ""

    @property
    def is_changed(self) -> bool:
        """Whether it is not what is stored."""
        return (self.position, self.weight) != (self.position_stored, self.weight_stored)

    @property
    def value(self) -> tuple[int, int] | None:
        """Position and weight; None for no target. Only where there is no error."""
        return (int(self.position), int(self.weight)) if self.position else None


Table = list[tuple[Dimension, list[Field]]]


@desk_page("assessments.change_role")
def targets(request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
    """See and set where each role stands on each dimension, and how much that matters."""
    if request.method != "POST":
        seen = newest_change(questionnaire)
        return _show(request, questionnaire, table_of(questionnaire), seen)
    by = cast(User, request.user)
    with editing(questionnaire=questionnaire, by=by, at=timezone.now()) as desk:
        found = clashes(desk=desk, seen=seen_by(request), touches=_is_of_targets)
        table = table_of(desk, request)
        fields = [field for _dimension, row in table for field in row]
        if not found and not any(field.error for field in fields):
            set_targets(
                desk=desk,
                wanted={
                    (field.role.pk, field.dimension.pk): field.value
                    for field in fields
                    if field.is_changed
                },
            )
            messages.success(request, _("Saved."))
            return redirect("admin:desk-targets", desk.pk)
        seen = newest_change(desk)
    return _show(request, questionnaire, table, seen, found)


def table_of(desk: Questionnaire, request: HttpRequest | None = None) -> Table:
    """The cells as stored or, for what a request names, as sent."""
    roles = list(Role.objects.filter(questionnaire=desk))
    dimensions = Dimension.objects.filter(questionnaire=desk)
    stored = targets_of(desk)
    return [(one, [_field(role, one, stored, request) for role in roles]) for one in dimensions]


def _field(
    role: Role,
    dimension: Dimension,
    stored: dict[Cell, tuple[int, int]],
    request: HttpRequest | None,
) -> Field:
    target = stored.get((role.pk, dimension.pk))
    position, weight = map(str, target) if target else ("", "")
    sent = request.POST if request else {}
    name = f"{role.pk}-{dimension.pk}"
    return Field(
        role=role,
        dimension=dimension,
        position=str(sent.get(f"position-{name}", position)),
        weight=str(sent.get(f"weight-{name}", weight)),
        position_stored=position,
        weight_stored=weight,
    )


def _is_of_targets(difference: Difference) -> bool:
    is_of_a_role = difference.part[0] == "roles"
    return is_of_a_role and difference.field.partition(".")[0] == "targets"


def _show(
    request: HttpRequest,
    desk: Questionnaire,
    table: Table,
    seen: int,
    found: tuple[Clash, ...] = (),
) -> HttpResponse:
    fields = [field for _dimension, row in table for field in row]
    errors = sum(bool(field.error) for field in fields)
    return render_desk(
        request,
        desk,
        "targets.html",
        _("Targets"),
        status=409 if found else 200,
        roles=[field.role for field in table[0][1]] if table else [],
        table=table,
        positions=[("", "–"), *SIGNED.items()],
        weights=[("", "–"), *((weight, f"×{weight}") for weight in WEIGHTS)],
        errors=errors,
        clashes=found,
        seen=seen,
        seen_name=SEEN,
    )
