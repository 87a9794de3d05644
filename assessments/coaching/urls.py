"""Addresses of coaching: the coach's desk, and what a client shares."""

from django.http import Http404, HttpRequest
from django.urls import URLPattern, path

from assessments.coaching import client_views, desk_views, reading_views

app_name = "coaching"

# The coach's desk, a client's page on it, and what the client shares.
DESK: list[URLPattern] = [
    path("coach/", desk_views.desk, name="desk"),
    path("coach/open/", desk_views.open_desk, name="open-desk"),
    path("coach/settings/", desk_views.settings, name="settings"),
    path("coach/invite/", desk_views.invite_client, name="invite"),
    path("coach/clients/<uuid:client>/", client_views.client, name="client"),
    path("coach/clients/<uuid:client>/edit/", desk_views.client_edit, name="client-edit"),
    path("coach/clients/<uuid:client>/remind/", desk_views.remind, name="remind"),
    path("coach/clients/<uuid:client>/end/", desk_views.end, name="end"),
    path("coach/clients/<uuid:client>/result/", reading_views.client_result, name="client-result"),
    path(
        "coach/clients/<uuid:client>/answers/", reading_views.client_answers, name="client-answers"
    ),
    path("coach/clients/<uuid:client>/plan/", reading_views.client_plan, name="client-plan"),
    path("coach/clients/<uuid:client>/report.pdf", reading_views.client_pdf, name="client-pdf"),
    path("coach/clients/<uuid:client>/table.csv", reading_views.client_csv, name="client-csv"),
    path("coach/clients/<uuid:client>/notes/", client_views.note_add, name="note-add"),
    path("coach/clients/<uuid:client>/notes/<uuid:note>/", client_views.note, name="note"),
    path(
        "coach/clients/<uuid:client>/notes/<uuid:note>/delete/",
        client_views.note_delete,
        name="note-delete",
    ),
    path("coach/clients/<uuid:client>/suggestions/", client_views.assignment_add, name="assign"),
    path(
        "coach/clients/<uuid:client>/suggestions/<uuid:assignment>/withdraw/",
        client_views.assignment_withdraw,
        name="assignment-withdraw",
    ),
]


def _not_built(request: HttpRequest, **_kwargs: object) -> None:
    raise Http404


# Placeholders, for addresses that pages above link to; they go when the real ones are here.
PLACEHOLDERS = [
    path("invitation/<str:token>/", _not_built, name="invitation-link"),  # type: ignore[arg-type]
    path("coach/clients/<uuid:client>/brief/", _not_built, name="brief"),  # type: ignore[arg-type]
    path("coach/clients/<uuid:client>/second-view/", _not_built, name="second-view"),  # type: ignore[arg-type]
]

urlpatterns: list[URLPattern] = [*DESK, *PLACEHOLDERS]
