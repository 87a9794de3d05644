"""What the pages of a questionnaire's desk share: who may open them, and what they stand in."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from assessments.people.models import User
from assessments.questionnaires.models import Questionnaire

View = Callable[..., HttpResponse]

VIEW = "assessments.view_questionnaire"
CHANGE = "assessments.change_questionnaire"
PUBLISH = "assessments.publish_questionnaire"


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
            "may_publish": request.user.has_perm(PUBLISH),
            **context,
        },
        status=status,
    )
