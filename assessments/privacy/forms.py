"""The box that must be ticked before everything goes."""

from django import forms
from django.utils.translation import gettext_lazy as _


class EraseForm(forms.Form):
    """A person says that they mean it."""

    is_meant = forms.BooleanField(
        label=_("Delete everything listed above. I know that nobody can bring it back."),
        error_messages={"required": _("Tick the box if you want everything deleted.")},
    )
