"""How a session finds its user."""

from allauth.account.auth_backends import AuthenticationBackend

from assessments.people.models import User


class WithDesk(AuthenticationBackend):
    """allauth's; the user comes with the coach desk, which every page's menu asks for."""

    def get_user(self, user_id: int) -> User | None:
        """The active user of that id. One query."""
        user = User.objects.select_related("coach_profile").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
