"""Addresses of the explaining pages."""

from django.urls import path

from assessments.guide import views

app_name = "guide"

urlpatterns = [
    path("", views.landing, name="landing"),
    path("q/<slug:questionnaire>/", views.landing_of, name="landing"),
    path("how-it-works/", views.how_it_works, name="how-it-works"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("guide/", views.guide, name="index"),
    path("guide/<slug:slug>/", views.guide_page, name="page"),
    path("guide/dimensions/<slug:key>/", views.dimension, name="dimension"),
    path("q/<slug:questionnaire>/topics/<slug:key>/", views.dimension, name="dimension"),
]
