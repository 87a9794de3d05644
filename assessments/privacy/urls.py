"""Addresses of a person's own data."""

from django.urls import path

from assessments.privacy import views

app_name = "privacy"

urlpatterns = [
    path("my-data/", views.my_data, name="my-data"),
    path("my-data/my-data.json", views.my_data_json, name="my-data-json"),
    path("my-data/my-data.zip", views.my_data_csv, name="my-data-csv"),
    path("my-data/erase/", views.erase, name="erase"),
    path("erased/", views.erased, name="erased"),
]
