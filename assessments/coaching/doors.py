"""The way into a coach's pages: an approved desk, a consent in force, one's own view first."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from assessments.coaching.models import Client
from assessments.coaching.reading import ViewFirst
from assessments.coaching.services import NotSharing
from assessments.http.access import personal_page
from assessments.people.actors import actor_of
from assessments.people.models import CoachProfile

View = Callable[..., HttpResponse]


def coach_page(view: View) -> View:
    """Hand the view the desk of whoever asks; without one the page does not exist.

    A result that is not shared does not exist either; one that waits for the coach's own view
    leads there.
    """

    @personal_page
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        desks = CoachProfile.objects.select_related("user")
        desk = get_object_or_404(desks, user=request.user.pk, is_approved=True)
        try:
            return view(request, desk, *args, **kwargs)
        except NotSharing as error:
            raise Http404 from error
        except ViewFirst as error:
            return redirect(second_view_url(kwargs["client"], error.attempt_pk))

    return wrapped


def second_view_url(client: UUID, attempt: UUID | None) -> str:
    """Where the coach's own view of a client's result is given and compared."""
    address = reverse("coaching:second-view", args=[client])
    return f"{address}?attempt={attempt}" if attempt else address


def client_of(request: HttpRequest, pk: UUID) -> Client:
    """A client of the desk of whoever asks; 404 for anybody else's."""
    return get_object_or_404(Client.objects.visible_to(actor_of(request)), pk=pk)
