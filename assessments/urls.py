"""The slices' addresses."""

from django.urls import include, path

from assessments.http import health

urlpatterns = [
    # First what is asked for most: each answer is saved by a request of its own.
    path("", include("assessments.responses.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("account/", include("assessments.people.urls")),
    path("account/", include("allauth.urls")),
    path("", include("assessments.guide.urls")),
    path("", include("assessments.reports.urls")),
    path("", include("assessments.coaching.urls")),
    path("", include("assessments.privacy.urls")),
]
