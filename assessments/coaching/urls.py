"""Addresses of coaching: the coach's desk, and what a client shares."""

from django.urls import URLPattern, path, re_path

from assessments.coaching import (
    brief_views,
    client_views,
    cohort_views,
    desk_views,
    invitation_views,
    reading_views,
    second_view_views,
    sharing_views,
)

app_name = "coaching"

# The client's side: an invitation, what is shared, what coaches show.
SHARING: list[URLPattern] = [
    re_path(
        r"^invitation/(?P<token>[A-Za-z0-9_-]{1,100})/$",
        invitation_views.invitation_link,
        name="invitation-link",
    ),
    path("invitation/", invitation_views.invitation, name="invitation"),
    path("share/<uuid:attempt>/", sharing_views.share, name="share"),
    path("sharing/", sharing_views.sharing, name="sharing"),
    path("sharing/<uuid:consent>/end/", sharing_views.withdraw, name="withdraw"),
    path(
        "sharing/suggestions/<uuid:assignment>/done/",
        sharing_views.do_assignment,
        name="assignment-done",
    ),
    path(
        "sharing/second-view/<uuid:second_view>/",
        second_view_views.own_second_view,
        name="own-second-view",
    ),
]

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

# The session brief, the coach's own view, and groups.
TALK: list[URLPattern] = [
    path("coach/clients/<uuid:client>/brief/", brief_views.session_brief, name="brief"),
    path(
        "coach/clients/<uuid:client>/second-view/",
        second_view_views.second_view,
        name="second-view",
    ),
    path(
        "coach/clients/<uuid:client>/second-view/share/",
        second_view_views.second_view_share,
        name="second-view-share",
    ),
    path("coach/cohorts/", cohort_views.cohorts, name="cohorts"),
    path("coach/cohorts/<uuid:cohort>/", cohort_views.cohort, name="cohort"),
    path("coach/cohorts/<uuid:cohort>/edit/", cohort_views.cohort_edit, name="cohort-edit"),
    path("coach/cohorts/<uuid:cohort>/delete/", cohort_views.cohort_delete, name="cohort-delete"),
    path("coach/cohorts/<uuid:cohort>/table.csv", cohort_views.cohort_csv, name="cohort-csv"),
]

urlpatterns: list[URLPattern] = [*SHARING, *DESK, *TALK]
