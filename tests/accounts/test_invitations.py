"""An invitation is one person's: using it, or asking for another, touches nobody else's."""

import pytest
from allauth.mfa.models import Authenticator

from attune.accounts.actions import (
    InvitationUnusable,
    complete_invitation,
    invite,
    open_invitation,
)
from attune.accounts.adapter import SecondFactorAdapter
from attune.accounts.models import User

pytestmark = pytest.mark.django_db


def invited(name, now):
    return invite(email=f"{name}@example.org", name=name, is_staff=True, at=now)


def test_one_persons_new_code_leaves_anothers(now):
    ben = invited("ben", now)
    invited("cleo", now)
    assert open_invitation(ben, at=now).email == "ben@example.org"


def test_one_person_who_is_done_leaves_anothers_code(now):
    ben, cleo = invited("ben", now), invited("cleo", now)
    complete_invitation(open_invitation(cleo, at=now), at=now)
    assert open_invitation(ben, at=now).email == "ben@example.org"
    with pytest.raises(InvitationUnusable):
        open_invitation(cleo, at=now)


def test_anothers_second_factor_is_nobodys_way_to_sign_in():
    ben, cleo = (
        User.objects.create_user(f"{name}@example.org", is_staff=True) for name in ("ben", "cleo")
    )
    mine, _theirs = (
        Authenticator.objects.create(user=user, type="totp", data={}) for user in (ben, cleo)
    )
    assert not SecondFactorAdapter().can_delete_authenticator(mine)
