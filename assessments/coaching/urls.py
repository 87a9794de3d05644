"""Addresses of coaching: the coach's desk, and what a client shares."""

from django.urls import URLPattern

app_name = "coaching"

urlpatterns: list[URLPattern] = []
