"""allauth's forms in our words, without words inside the fields, which vanish while typing."""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.people.models import NAME_MAX

LABELS = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "code": _("Code"),
    "oldpassword": _("Your password of now"),
    "password1": _("New password"),
    "password2": _("New password, once more"),
    "name": _("Name of the passkey"),
}
HINTS = {
    "password": "",
    "oldpassword": "",
    "password1": _(
        "15 to 128 characters, whichever you like. Four or five words that do not belong together "
        "are easy to remember and hard to guess. You can paste it."
    ),
}


class InOurWords(forms.Form):
    """Labels and hints by a field's name; put before one of allauth's forms."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.help_text = str(HINTS.get(name, field.help_text))
            field.widget.attrs.pop("placeholder", None)


class NameForm(forms.Form):
    """What one is called; may stay empty."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("Coaches whom you let read a result see it. Leave it empty to have none."),
        required=False,
        max_length=NAME_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class SignIn(InOurWords, allauth_forms.LoginForm):
    """The address, and a password for those who have one; without it a code is sent."""

    def _setup_password_field(self) -> None:
        # allauth takes it away where signing up asks for none.
        self.fields["password"].required = False


class SignUp(InOurWords, allauth_forms.SignupForm):
    """Nothing but the address."""


class AddEmail(InOurWords, allauth_forms.AddEmailForm):
    """The address that is to take the place of the one of now."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")


class ChangeEmail(InOurWords, allauth_forms.ChangeEmailForm):
    """Another address, while the first is not confirmed."""


class ConfirmEmail(InOurWords, allauth_forms.ConfirmEmailVerificationCodeForm):
    """The code that was sent to a new address."""


class ConfirmLogin(InOurWords, allauth_forms.ConfirmLoginCodeForm):
    """The code that was sent for signing in."""


class RequestCode(InOurWords, allauth_forms.RequestLoginCodeForm):
    """Where to send a code for signing in."""


class PasswordAgain(InOurWords, allauth_forms.ReauthenticateForm):
    """The password, before something that matters."""


class ChangePassword(InOurWords, allauth_forms.ChangePasswordForm):
    """The old password and a new one."""


class SetPassword(InOurWords, allauth_forms.SetPasswordForm):
    """A first password."""


class ResetPassword(InOurWords, allauth_forms.ResetPasswordForm):
    """Where to send the link for a new password."""


class NewPassword(InOurWords, allauth_forms.ResetPasswordKeyForm):
    """A new password in place of the forgotten one."""
