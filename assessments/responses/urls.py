"""Addresses of taking."""

from django.urls import path, re_path

from assessments.responses import views

app_name = "responses"

urlpatterns = [
    path("start/", views.start, name="start"),
    path("q/<slug:questionnaire>/start/", views.start, name="start"),
    re_path(r"^a/(?P<token>[A-Za-z0-9_-]{1,100})/$", views.link, name="link"),
    path("take/<uuid:attempt>/", views.resume, name="resume"),
    path("take/<uuid:attempt>/about/", views.about, name="about"),
    path("take/<uuid:attempt>/<int:number>/", views.section, name="section"),
    path("take/<uuid:attempt>/save/", views.save, name="save"),
    path("take/<uuid:attempt>/check/", views.check, name="check"),
    path("take/<uuid:attempt>/later/", views.later, name="later"),
    path("take/<uuid:attempt>/keep/", views.keep, name="keep"),
    path("take/<uuid:attempt>/delete/", views.delete, name="delete"),
    path("take/<uuid:attempt>/continue/<slug:form>/", views.continue_full, name="continue"),
]
