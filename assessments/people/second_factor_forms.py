"""allauth's forms of the second factor in our words; apart, since they need its tables."""

from typing import Any

from allauth.mfa.base import forms as base_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django.utils.translation import gettext_lazy as _

from assessments.people.forms import InOurWords


class ActivateApp(InOurWords, totp_forms.ActivateTOTPForm):
    """A first code of the app, which shows that it works."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code that the app shows")


class Authenticate(InOurWords, base_forms.AuthenticateForm):
    """A code of the app or a recovery code, while signing in."""


class AuthenticateAgain(InOurWords, base_forms.ReauthenticateForm):
    """The same, before something that matters."""


class AddPasskey(InOurWords, webauthn_forms.AddWebAuthnForm):
    """A name for a passkey that the browser makes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["passwordless"]
        field.label = _("Sign in with it alone, without a password or a code")
        field.help_text = _("It then asks for your finger, face or PIN.")
        field.initial = True


class SignUpPasskey(InOurWords, webauthn_forms.SignupWebAuthnForm):
    """A name for the passkey of a new account."""


class RenamePasskey(InOurWords, webauthn_forms.EditWebAuthnForm):
    """Another name for a passkey."""
