"""The coach's own view: given before the result opens, then beside it, then shown."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.coaching import services
from assessments.coaching.doors import client_of, coach_page, second_view_url
from assessments.coaching.models import Client, SecondView
from assessments.coaching.reading import read, shared_attempt
from assessments.coaching.second_view import second_view_page
from assessments.coaching.second_view_forms import SecondViewForm
from assessments.errors import DomainError
from assessments.http.access import personal_page
from assessments.people.actors import actor_of
from assessments.people.consents import Look
from assessments.people.models import CoachProfile
from assessments.questionnaires.editions import published_edition
from assessments.responses.models import Attempt
from assessments.scoring import Report

TEMPLATES = "assessments/coaching"
GO_STRAIGHT = "straight"


@coach_page
@require_http_methods(["GET", "HEAD", "POST"])
def second_view(request: HttpRequest, desk: CoachProfile, client: UUID) -> HttpResponse:
    """Before it is saved the form, which holds nothing of the result; then both views."""
    found = client_of(request, client)
    now = timezone.now()
    _consent, attempt = shared_attempt(client=found, at=now, attempt_pk=_attempt_asked(request))
    saved = found.second_views.filter(attempt=attempt).first()
    if request.method == "POST":
        return _post(request, desk, found, attempt)
    if saved is not None:
        return _both_views(request, desk, found, saved)
    if services.has_looked(client=found, attempt_pk=attempt.pk):
        context = {"client": found, "attempt": attempt}
        return render(request, f"{TEMPLATES}/second_view_late.html", context)
    return _form_page(request, desk, found, attempt, _form(attempt))


def _post(
    request: HttpRequest, desk: CoachProfile, client: Client, attempt: Attempt
) -> HttpResponse:
    if request.POST.get("go") == GO_STRAIGHT:
        services.set_rates_first(desk=desk, rates_first=False)
        messages.success(
            request,
            _(
                "Results now open at once, for all your clients. You can ask for your own view "
                "first again in the settings of your desk."
            ),
        )
        return redirect("coaching:client-result", client.pk)
    form = _form(attempt, request)
    if not form.is_valid():
        return _form_page(request, desk, client, attempt, form)
    try:
        services.save_second_view(
            client=client, attempt=attempt, ratings=form.ratings(), at=timezone.now()
        )
        messages.success(request, _("Your view is saved, and the result is open to you now."))
    except services.NotSharing:
        raise
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(second_view_url(client.pk, attempt.pk))


def _form(attempt: Attempt, request: HttpRequest | None = None) -> SecondViewForm:
    document = published_edition(attempt.edition_id).document
    posted = request.POST if request else None
    return SecondViewForm(posted, document=document, taken=document.form[attempt.form])


def _form_page(
    request: HttpRequest,
    desk: CoachProfile,
    client: Client,
    attempt: Attempt,
    form: SecondViewForm,
) -> HttpResponse:
    document = published_edition(attempt.edition_id).document
    context = {
        "client": client,
        "attempt": attempt,
        "poles": document.poles,
        "anchors": document.anchors.rating,
        "form": form,
        "faults": form.faults(),
        "rates_first": desk.rates_first,
        "go_straight": GO_STRAIGHT,
    }
    status = 422 if form.errors else 200
    return render(request, f"{TEMPLATES}/second_view_form.html", context, status=status)


def _both_views(
    request: HttpRequest, desk: CoachProfile, client: Client, saved: SecondView
) -> HttpResponse:
    reading = read(
        client=client,
        desk=desk,
        look=Look.SECOND_VIEW,
        at=timezone.now(),
        attempt_pk=saved.attempt_id,
    )
    context = {
        "client": client,
        "view": saved,
        "poles": reading.document.poles,
        "page": second_view_page(reading.document, reading.report, saved.ratings),
    }
    return render(request, f"{TEMPLATES}/second_view.html", context)


@coach_page
@require_POST
def second_view_share(request: HttpRequest, desk: CoachProfile, client: UUID) -> HttpResponse:
    """Show the client how the coach saw them."""
    found = client_of(request, client)
    asked = _attempt_asked(request)
    _consent, attempt = shared_attempt(client=found, at=timezone.now(), attempt_pk=asked)
    saved = get_object_or_404(found.second_views, attempt=attempt)
    services.show_second_view(view=saved, at=timezone.now())
    messages.success(
        request, _("%(name)s can now see your view beside the result.") % {"name": found.name}
    )
    return redirect(second_view_url(found.pk, attempt.pk))


@personal_page
@require_safe
def own_second_view(request: HttpRequest, second_view: UUID) -> HttpResponse:
    """How a coach saw the person who asks, once the coach shows it."""
    shown = SecondView.objects.shown_to(actor_of(request))
    found = get_object_or_404(
        shown.select_related("client__coach", "attempt__report"), pk=second_view
    )
    document = published_edition(found.attempt.edition_id).document
    report = Report.parse(found.attempt.report.document)
    context = {
        "view": found,
        "coach": found.client.coach,
        "attempt": found.attempt,
        "poles": document.poles,
        "page": second_view_page(document, report, found.ratings),
    }
    return render(request, f"{TEMPLATES}/own_second_view.html", context)


def _attempt_asked(request: HttpRequest) -> UUID | None:
    """Which of several shared results is meant by `?attempt=`; None for the newest."""
    asked = request.GET.get("attempt")
    if not asked:
        return None
    try:
        return UUID(asked)
    except ValueError as error:
        raise Http404 from error
