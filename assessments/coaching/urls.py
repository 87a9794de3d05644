"""Addresses of coaching: the coach's desk, and what a client shares."""

from django.urls import path, re_path

from assessments.coaching import invitation_views, sharing_views

app_name = "coaching"

urlpatterns = [
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
]
