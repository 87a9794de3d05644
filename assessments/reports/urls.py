"""Addresses of results."""

from django.urls import path

from assessments.reports import compare_views, keep_views, mine_views, plan_views, views

app_name = "reports"

urlpatterns = [
    path("results/", mine_views.mine, name="mine"),
    path("compare/", compare_views.compare, name="compare"),
    path("example/", views.example, name="example"),
    path("q/<slug:questionnaire>/example/", views.example, name="example"),
    path("result/<uuid:attempt>/", views.result, name="result"),
    path("plan/<uuid:attempt>/", plan_views.plan, name="plan"),
    path("plan/<uuid:attempt>/size/", plan_views.plan_size, name="plan-size"),
    path("plan/<uuid:attempt>/checkpoint/", plan_views.checkpoint, name="checkpoint"),
    path("plan/<uuid:attempt>/plan.ics", plan_views.plan_ics, name="plan-ics"),
    path("result/<uuid:attempt>/report.pdf", keep_views.pdf, name="pdf"),
    path("result/<uuid:attempt>/table.csv", keep_views.table, name="csv"),
    path("result/<uuid:attempt>/report.json", views.report_json, name="report-json"),
]
