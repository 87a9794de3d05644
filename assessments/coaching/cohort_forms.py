"""Turns what the pages of groups send into a name and members."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.coaching.models import COHORT_NAME_MAX, Client, ClientQuerySet, Cohort


class GroupForm(forms.Form):
    """The name of a group."""

    name = forms.CharField(label=_("Name of the group"), max_length=COHORT_NAME_MAX)


class MembersForm(GroupForm):
    """The name of a group, and which of the coach's clients are in it."""

    def __init__(self, *args: Any, clients: ClientQuerySet, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = _Members(
            queryset=clients,
            label=_("Clients in this group"),
            help_text=_("A client is in one group at a time."),
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        members.cohort = cohort
        self.fields["members"] = members


class _Members(forms.ModelMultipleChoiceField):
    """Says of a client who is in another group that they would leave it."""

    cohort: Cohort

    def label_from_instance(self, client: Client) -> str:
        if client.cohort is None or client.cohort == self.cohort:
            return client.name
        return _("%(name)s (now in “%(group)s”)") % {
            "name": client.name,
            "group": client.cohort.name,
        }
