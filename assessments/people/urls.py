"""Addresses of one's account; the rest of what can be done there is allauth's."""

from django.urls import path

from assessments.people import views

app_name = "people"

urlpatterns = [
    path("", views.account, name="account"),
    path("name/", views.name, name="name"),
]
