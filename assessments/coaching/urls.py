"""Addresses of coaching: the coach's desk, and what a client shares."""

from django.urls import URLPattern, path

from assessments.coaching import brief_views, cohort_views, second_view_views

app_name = "coaching"

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
    path(
        "sharing/second-view/<uuid:second_view>/",
        second_view_views.own_second_view,
        name="own-second-view",
    ),
    path("coach/cohorts/", cohort_views.cohorts, name="cohorts"),
    path("coach/cohorts/<uuid:cohort>/", cohort_views.cohort, name="cohort"),
    path("coach/cohorts/<uuid:cohort>/edit/", cohort_views.cohort_edit, name="cohort-edit"),
    path("coach/cohorts/<uuid:cohort>/delete/", cohort_views.cohort_delete, name="cohort-delete"),
    path("coach/cohorts/<uuid:cohort>/table.csv", cohort_views.cohort_csv, name="cohort-csv"),
]

urlpatterns: list[URLPattern] = [*TALK]
