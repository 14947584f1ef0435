"""Finding an account by an address that only its hash is stored of."""

from allauth.account import auth_backends

from attune.accounts.models import User


class AuthenticationBackend(auth_backends.AuthenticationBackend):  # type: ignore[misc]  # untyped
    """allauth's, which spends as long on an unknown address as on a known one."""

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        user = User.objects.with_email(email).first()
        return self._check_password(user, password)  # type: ignore[no-any-return]
