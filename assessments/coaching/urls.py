"""Addresses of coaching: the coach's desk, and what a client shares."""

from django.urls import URLPattern, path, re_path

from assessments.coaching import (
    brief_views,
    cohort_views,
    invitation_views,
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
        "sharing/second-view/<uuid:view>/",
        second_view_views.own_second_view,
        name="own-second-view",
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

urlpatterns: list[URLPattern] = [*SHARING, *TALK]
