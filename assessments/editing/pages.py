"""What the pages of a questionnaire's desk share: who may open them, and what they stand in."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from assessments.people.models import User
from assessments.questionnaires.models import Questionnaire

View = Callable[..., HttpResponse]

VIEW = "assessments.view_questionnaire"
CHANGE = "assessments.change_questionnaire"
PUBLISH = "assessments.publish_questionnaire"

# Address, words and permission of each page that one goes to by itself.
TABS = (
    ("assessments_questionnaire_change", gettext_lazy("Edit"), VIEW),
    ("desk-check", gettext_lazy("Check"), VIEW),
    ("desk-preview", gettext_lazy("Preview"), VIEW),
    ("desk-compare", gettext_lazy("Compare"), VIEW),
    ("desk-impact", gettext_lazy("Impact"), VIEW),
    ("desk-publish", gettext_lazy("Publish"), PUBLISH),
    ("desk-analysis", gettext_lazy("Analysis"), VIEW),
    ("desk-history", gettext_lazy("History"), VIEW),
    ("desk-export", gettext_lazy("Import and export"), VIEW),
)


@dataclass(frozen=True, slots=True)
class Tab:
    """A page about a questionnaire, and whether it is the one that is shown."""

    name: str
    address: str
    is_here: bool


def tabs_of(request: HttpRequest, questionnaire: Questionnaire) -> list[Tab]:
    """The pages about a questionnaire that the person at the page may open."""
    here = request.resolver_match.url_name if request.resolver_match else ""
    return [
        Tab(str(name), reverse(f"admin:{view}", args=[questionnaire.pk]), is_here=view == here)
        for view, name, permission in TABS
        if request.user.has_perm(permission)
    ]


def desk_page(permission: str) -> Callable[[View], View]:
    """A page about one questionnaire, given as `questionnaire`, for staff with a permission."""

    def decorate(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            questionnaire = get_object_or_404(Questionnaire, pk=pk)
            return view(request, questionnaire=questionnaire, **kwargs)

        return page

    return decorate


def staff_of(request: HttpRequest) -> User:
    """Whoever is at the page; the admin lets nobody in who is not signed in."""
    return cast(User, request.user)


def render_desk(
    request: HttpRequest,
    questionnaire: Questionnaire,
    template: str,
    title: str,
    status: int = 200,
    **context: Any,
) -> TemplateResponse:
    """A page of the desk within the admin. `template` stands under `admin/editing/`."""
    return TemplateResponse(
        request,
        f"admin/editing/{template}",
        {
            **admin.site.each_context(request),
            "title": title,
            "questionnaire": questionnaire,
            "opts": Questionnaire._meta,
            "tabs": tabs_of(request, questionnaire),
            "may_publish": request.user.has_perm(PUBLISH),
            **context,
        },
        status=status,
    )
