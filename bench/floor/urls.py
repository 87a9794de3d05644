"""The floor: what no Django site that keeps answers can do without."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path

from bench.floor.models import Given


@login_not_required
def page(request: HttpRequest, attempt: UUID, number: int) -> HttpResponse:
    """One committed INSERT and one trivial template."""
    Given.objects.create(attempt=attempt, item=f"page-{number}", value=request.POST["value"])
    return render(request, "floor.html", {"number": number})


@login_not_required
def upsert(request: HttpRequest, attempt: UUID) -> JsonResponse:
    """One committed upsert and a few bytes of JSON."""
    given = Given(attempt=attempt, item=request.POST["item"], value=request.POST["value"])
    Given.objects.bulk_create(
        [given],
        update_conflicts=True,
        unique_fields=["attempt", "item"],
        update_fields=["value"],
    )
    return JsonResponse({"value": given.value})


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """That the server answers."""
    return HttpResponse("ok")


urlpatterns = [
    path("healthz", healthz),
    path("<uuid:attempt>/<int:number>/", page),
    path("<uuid:attempt>/", upsert),
]
