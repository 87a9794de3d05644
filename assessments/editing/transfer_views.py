"""Import and export: files of the desk and of editions, an upload, its preview, and the yes."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.editing import transfer
from assessments.editing.comparison_page import groups
from assessments.editing.models import PendingImport
from assessments.editing.pages import CHANGE, VIEW, desk_page, render_desk
from assessments.editing.versions import DESK, document_at, edition_numbers
from assessments.errors import DomainError
from assessments.instrument.canonical import parse_canonical
from assessments.instrument.comparison import compare_documents
from assessments.instrument.document import Questionnaire as Document
from assessments.instrument.faults import DocumentFaults, Fault
from assessments.people.actors import user_of
from assessments.people.models import User
from assessments.questionnaires.desk import document_of, read_desk
from assessments.questionnaires.models import Edition, Questionnaire

ADD = "assessments.add_questionnaire"
KINDS = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".csv": "csv", ".xlsx": "xlsx"}
MAX_BYTES = 1_000_000
NAME_LENGTH = 100


class UploadForm(forms.Form):
    """One file: a whole questionnaire, or a table of questions."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("YAML, JSON, CSV or XLSX, up to 1 MB"),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(KINDS)}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("This file is empty. Choose another."),
        },
    )

    def clean_file(self) -> UploadedFile:
        """A file of a kind and size that can be read."""
        file: UploadedFile = self.cleaned_data["file"]
        if _kind_of(file) is None:
            message = _("Choose a file whose name ends in .yaml, .json, .csv or .xlsx.")
            raise forms.ValidationError(message)
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(_("This file is too large: it may have 1 MB."))
        return file


def _kind_of(file: UploadedFile) -> str | None:
    return KINDS.get(PurePath(file.name or "").suffix.lower())


# --- Out ----------------------------------------------------------------------------------------


@desk_page(VIEW)
@require_safe
def export(request: HttpRequest, *, questionnaire: Questionnaire) -> HttpResponse:
    """What can be taken out, and a form to bring something in."""
    return _page(request, questionnaire, UploadForm())


@desk_page(VIEW)
@require_safe
def export_file(
    request: HttpRequest, *, questionnaire: Questionnaire, version: str, kind: str
) -> HttpResponse:
    """A file of the desk or of an edition; of an incomplete desk only its questions."""
    if kind not in transfer.CONTENT_TYPES:
        raise Http404
    try:
        content = _content(questionnaire, version, kind)
    except (Edition.DoesNotExist, ValueError, OverflowError) as error:
        raise Http404 from error
    except DocumentFaults:
        messages.error(request, _("The desk is not complete yet, so it cannot be exported whole."))
        return redirect("admin:desk-export", questionnaire.pk)
    which = DESK if version == DESK else f"edition-{version}"
    name = f"{questionnaire.slug}-{which}.{kind}"
    return HttpResponse(
        content,
        content_type=transfer.CONTENT_TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _content(questionnaire: Questionnaire, version: str, kind: str) -> bytes:
    if version == DESK and kind in transfer.TABLES:
        return transfer.written_items(read_desk(questionnaire).plain["items"], kind)
    return transfer.written(document_at(questionnaire, version), kind)


# --- In -----------------------------------------------------------------------------------------


@desk_page(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, *, questionnaire: Questionnaire) -> HttpResponse:
    """Read a file and hold it for its preview; all that is wrong with it in one go."""
    if request.method != "POST":
        return redirect("admin:desk-export", questionnaire.pk)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, questionnaire, form, status=422)
    file = form.cleaned_data["file"]
    kind = _kind_of(file) or ""
    try:
        found = transfer.read_upload(file.read(), kind, questionnaire)
    except DocumentFaults as error:
        told = [_told(fault, is_table=kind in transfer.TABLES) for fault in error.faults]
        return _page(request, questionnaire, form, status=422, told=told, file_name=file.name)
    except DomainError as error:
        form.add_error("file", str(error))
        return _page(request, questionnaire, form, status=422)
    _require_right(user_of(request), found.document.slug)
    transfer.hold(
        upload=found, file_name=_plain_name(file.name), by=user_of(request), at=timezone.now()
    )
    return redirect("admin:desk-import-preview", questionnaire.pk)


@desk_page(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, *, questionnaire: Questionnaire) -> HttpResponse:
    """What the file that was uploaded would change; a post puts it on the desk."""
    now = timezone.now()
    pending = transfer.held(by=user_of(request), at=now)
    if pending is None:
        messages.error(request, _("There is no upload any more. Choose the file again."))
        return redirect("admin:desk-export", questionnaire.pk)
    document = parse_canonical(pending.document)
    _require_right(user_of(request), document.slug)
    if request.method != "POST":
        context = _changes(questionnaire, pending, document)
        title = _("What the import would change")
        return render_desk(request, questionnaire, "import.html", title, **context)
    try:
        desk = transfer.carry_out(pending=pending, seen=request.POST.get("seen", ""), at=now)
    except DomainError as error:
        transfer.discard(pending=pending)
        messages.error(request, str(error))
        return redirect("admin:desk-export", questionnaire.pk)
    said = _("The desk of %(title)s is now as %(file)s says.")
    messages.success(request, said % {"file": pending.file_name, "title": desk.title})
    return redirect("admin:desk-check", desk.pk)


@desk_page(CHANGE)
@require_POST
def give_up(request: HttpRequest, *, questionnaire: Questionnaire) -> HttpResponse:
    """Forget the upload; the desk stays as it is."""
    pending = transfer.held(by=user_of(request), at=timezone.now())
    if pending is not None:
        transfer.discard(pending=pending)
    messages.info(request, _("Nothing was imported."))
    return redirect("admin:desk-export", questionnaire.pk)


def _require_right(user: User, slug: str) -> None:
    """A file of another questionnaire changes that one; of none that there is, it makes one."""
    exists = Questionnaire.objects.filter(slug=slug).exists()
    if not user.has_perm(CHANGE if exists else ADD):
        raise PermissionDenied


def _changes(
    questionnaire: Questionnaire, pending: PendingImport, document: Document
) -> dict[str, Any]:
    target = Questionnaire.objects.filter(slug=document.slug).first()
    found = None
    if target is not None:
        try:
            found = compare_documents(document_of(target), document)
        except DocumentFaults:
            found = None
    return {
        "pending": pending,
        "document": document,
        "target": target,
        "is_other": target != questionnaire,
        "found": found,
        "groups": groups(found) if found else [],
    }


def _page(
    request: HttpRequest,
    questionnaire: Questionnaire,
    form: UploadForm,
    status: int = 200,
    told: list[tuple[str, str]] | None = None,
    file_name: str | None = "",
) -> HttpResponse:
    return render_desk(
        request,
        questionnaire,
        "transfer.html",
        _("Import and export"),
        status=status,
        form=form,
        told=told or [],
        file_name=file_name,
        numbers=edition_numbers(questionnaire),
        may_import=request.user.has_perm(CHANGE),
    )


def _told(fault: Fault, *, is_table: bool) -> tuple[str, str]:
    """Where a fault is, and what to do: by row and column in a table, by line and path else."""
    path = ".".join(str(step) for step in fault.path)
    if fault.line is None:
        return path, fault.message
    if is_table:
        where = _("row %(line)d, column %(path)s") if path else _("row %(line)d")
    else:
        where = _("line %(line)d: %(path)s") if path else _("line %(line)d")
    return where % {"line": fault.line, "path": path}, fault.message


def _plain_name(name: str | None) -> str:
    """The name of a file as a line of ours."""
    path = PurePath(name or "file")
    return f"{slugify(path.stem)[:NAME_LENGTH] or 'file'}{path.suffix.lower()}"
