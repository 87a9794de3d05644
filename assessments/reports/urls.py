"""Addresses of results."""

from django.urls import path

from assessments.reports import views

app_name = "reports"

urlpatterns = [
    path("example/", views.example, name="example"),
    path("result/<uuid:attempt>/", views.result, name="result"),
    path("result/<uuid:attempt>/report.json", views.report_json, name="report-json"),
]
