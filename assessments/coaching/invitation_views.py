"""An invitation as the invited person meets it: what it is, and the way into the assessment."""

from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assessments.coaching import services
from assessments.coaching.forms import coach_words
from assessments.coaching.models import Client
from assessments.http.access import attempt_page, public_page
from assessments.http.limits import LINK_MISS_IP, START_IP, require_left, take
from assessments.instrument.document import Questionnaire
from assessments.people.actors import actor_of, hold_attempt
from assessments.people.origin import client_ip
from assessments.questionnaires.editions import PublishedEdition, home_document, newest_edition
from assessments.responses.consent import consent_digest
from assessments.responses.forms import StartForm, lengths
from assessments.responses.models import ANONYMOUS_KEPT_DAYS, Attempt
from assessments.responses.services import start_attempt

# The invitation that this browser opened last, by its client's id.
INVITATION = "invitation"


@public_page
@require_safe
def invitation_link(request: HttpRequest, token: str) -> HttpResponse:
    """Remember the invitation in this browser, and move on to an address without the token."""
    ip, now = client_ip(request), timezone.now()
    require_left(LINK_MISS_IP, ip, now)
    client = services.invitation_of(token)
    if client is None:
        take(LINK_MISS_IP, ip, now)
        raise Http404
    services.note_opened(client=client, at=now)
    request.session[INVITATION] = str(client.pk)
    return redirect("coaching:invitation")


@attempt_page
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """Who invites, to what, and what they will see; with consent to the storing, begin."""
    client = _opened(request)
    edition = newest_edition(settings.HOME_QUESTIONNAIRE)
    document = edition.document if edition else home_document()
    if document is None:
        raise Http404
    # None while the questionnaire is retired: what is there can be finished and shared.
    form = _form(request, client, edition) if edition else None
    if edition and form and request.method == "POST" and form.is_valid():
        attempt = _begin(request, client, edition, form.cleaned_data["length"])
        return redirect("responses:about", attempt.pk)
    context = {
        "client": client,
        "coach": coach_words(client.coach),
        "attempt": client.attempt if client.attempt and _holds(request, client.attempt) else None,
        "own": _finished_ones(request, document),
        "form": form,
        "role": document.role.get(client.role),
        "kept_days": ANONYMOUS_KEPT_DAYS,
        "poles": document.poles,
    }
    status = 422 if form and form.errors else 200
    return render(request, "assessments/coaching/invitation.html", context, status=status)


def _opened(request: HttpRequest) -> Client:
    """The invitation this browser opened, while it stands."""
    pk = opened_invitation(request)
    if pk is None:
        raise Http404
    standing = Client.objects.filter(revoked_at=None, coach__coach_profile__is_approved=True)
    # Once somebody has shared by it, it is theirs: others may have opened the same link before.
    standing = standing.filter(Q(person=None) | Q(person=request.user.pk))
    return get_object_or_404(standing.select_related("coach__coach_profile", "attempt"), pk=pk)


def opened_invitation(request: HttpRequest) -> UUID | None:
    """The id of the invitation that this browser opened last; None for none."""
    pk = request.session.get(INVITATION)
    return UUID(pk) if pk else None


def _form(request: HttpRequest, client: Client, edition: PublishedEdition) -> StartForm:
    asked = [form for form in edition.document.forms if form.key == client.form]
    return StartForm(
        request.POST if request.method == "POST" else None,
        lengths=lengths(edition.document, asked or edition.document.forms),
    )


def _holds(request: HttpRequest, attempt: Attempt) -> bool:
    return Attempt.objects.editable_by(actor_of(request)).filter(pk=attempt.pk).exists()


def _finished_ones(request: HttpRequest, document: Questionnaire) -> list[Attempt]:
    """What the person could share at once instead of taking it anew."""
    own = Attempt.objects.editable_by(actor_of(request)).finished()
    own = own.filter(edition__questionnaire__slug=document.slug)
    return list(own.order_by("-finished_at")[:5])


def _begin(request: HttpRequest, client: Client, edition: PublishedEdition, form: str) -> Attempt:
    now = timezone.now()
    take(START_IP, client_ip(request), now)
    attempt = start_attempt(
        edition=edition,
        form=form,
        consent_digest=consent_digest(in_account=request.user.is_authenticated),
        owner_id=request.user.pk,
        at=now,
        invited_by=client.coach,
    )
    services.accept_invitation(client=client, attempt=attempt, at=now)
    hold_attempt(request, attempt.pk)
    return attempt
