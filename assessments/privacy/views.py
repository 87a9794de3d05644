"""What is stored about me: see it, take it, erase it."""

from allauth.account.decorators import reauthentication_required
from django.contrib.auth import logout
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from assessments.http.access import personal_page, public_page
from assessments.http.limits import ERASE_USER, EXPORT_USER, take
from assessments.people.actors import user_of
from assessments.privacy import receipts, services
from assessments.privacy.forms import EraseForm
from assessments.privacy.mydata import KINDS, as_zip, counts, everything, kinds_of

TEMPLATES = "assessments/privacy"


@personal_page
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """What is stored about the person, how much, how long, and how to take or erase it."""
    stored = counts(user_of(request))
    context = {
        "held": [(kind, stored[kind.key]) for kind in KINDS if stored[kind.key]],
        "nothing": [kind for kind in KINDS if not stored[kind.key]],
    }
    return render(request, f"{TEMPLATES}/my_data.html", context)


@personal_page
@require_safe
def my_data_json(request: HttpRequest) -> HttpResponse:
    """Everything about the person as one file for programs."""
    now = timezone.now()
    take(EXPORT_USER, request.user.pk, now)
    content = everything(user_of(request), now)
    layout = {"ensure_ascii": False, "indent": 1}
    response = JsonResponse(content, json_dumps_params=layout)
    return _download(response, "my-data.json")


@personal_page
@require_safe
def my_data_csv(request: HttpRequest) -> HttpResponse:
    """Everything about the person as tables."""
    now = timezone.now()
    take(EXPORT_USER, request.user.pk, now)
    packed = as_zip(user_of(request), now)
    return _download(HttpResponse(packed, content_type="application/zip"), "my-data.zip")


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def erase(request: HttpRequest) -> HttpResponse:
    """Say what goes and what stays, then erase the person and hand out a receipt."""
    me = user_of(request)
    form = EraseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        now = timezone.now()
        take(ERASE_USER, me.pk, now)
        receipt = services.erase_account(user=me, at=now)
        logout(request)
        query = urlencode({"receipt": receipts.as_text(receipt)})
        return redirect(f"{reverse('privacy:erased')}?{query}")
    stored = counts(me)
    going = [(kind, stored[kind.key]) for kind in KINDS if stored[kind.key]]
    context = {"form": form, "going": going, "is_editor": services.is_needed(me)}
    status = 422 if form.errors else 200
    return render(request, f"{TEMPLATES}/erase.html", context, status=status)


@public_page
@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    """The receipt: when, under which number, how much; not whose it was."""
    try:
        receipt = receipts.of_text(request.GET.get("receipt", ""))
    except signing.BadSignature as error:
        raise Http404 from error
    went = [(kind, receipt.counts[kind.key]) for kind in kinds_of(receipt.counts)]
    context = {"receipt": receipt, "went": went}
    response = render(request, f"{TEMPLATES}/erased.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _download(response: HttpResponse, name: str) -> HttpResponse:
    # A neutral name: the file may end up where others see it.
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
