"""Roles with those near to them; their targets are a table on a page of its own."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.editing.admin.base import Children, PartAdmin, desk_of
from assessments.questionnaires.rows import Neighbour, Role


class NearRoles(Children):
    model = Neighbour
    parent = "role"
    fk_name = "role"
    fields = ("other", "tells_apart")


@admin.register(Role)
class RoleAdmin(PartAdmin):
    """What a person compares with."""

    list_display = ("name", "key", "gloss", "status")
    search_fields = ("key", "name", "gloss")
    fields = ("key", "name", "gloss", "rationale", "status")
    inlines = (NearRoles,)

    def links(self, request: HttpRequest, obj: Any = None) -> list[tuple[str, str]]:
        """To the table of targets."""
        return [(_("Targets"), reverse("admin:desk-targets", args=[desk_of(request).pk]))]
