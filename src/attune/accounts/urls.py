"""Signing in. Of allauth's addresses only those that this site uses exist, under its names."""

from allauth.account import views as allauth_views
from django.urls import path

from attune.accounts.views import factors, home, idle, invitation, reach, security, sign_in

urlpatterns = [
    path("accounts/login/", sign_in.door, name="account_login"),
    path("accounts/login/mail/", sign_in.send_code, name="sign_in_mail"),
    path("accounts/login/code/", sign_in.give_code, name="sign_in_code"),
    path("accounts/logout/", allauth_views.logout, name="account_logout"),
    path("accounts/inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("accounts/invitation/", invitation.invitation, name="invitation"),
    path("accounts/second-factor/", invitation.second_factor_setup, name="second_factor_setup"),
    path("accounts/second-factor/done/", factors.factor_done, name="second_factor_done"),
    path("accounts/password/", security.choose_password, name="choose_password"),
    path("accounts/password/remove/", security.remove_password, name="remove_password"),
    path("accounts/confirm/", factors.confirm_by_mail, name="account_reauthenticate"),
    path("accounts/2fa/authenticate/", factors.authenticate, name="mfa_authenticate"),
    path("accounts/2fa/reauthenticate/", factors.confirm_by_factor, name="mfa_reauthenticate"),
    path("accounts/2fa/totp/activate/", factors.set_up_totp, name="mfa_activate_totp"),
    path("accounts/2fa/totp/deactivate/", factors.remove_totp, name="mfa_deactivate_totp"),
    path(
        "accounts/2fa/recovery-codes/",
        factors.see_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "accounts/2fa/recovery-codes/generate/",
        factors.new_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("accounts/2fa/webauthn/", factors.passkeys, name="mfa_list_webauthn"),
    path("accounts/2fa/webauthn/add/", factors.add_passkey, name="mfa_add_webauthn"),
    path("accounts/2fa/webauthn/login/", sign_in.passkey_login, name="mfa_login_webauthn"),
    path(
        "accounts/2fa/webauthn/reauthenticate/",
        factors.confirm_by_passkey,
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "accounts/2fa/webauthn/keys/<int:pk>/edit/",
        factors.rename_passkey,
        name="mfa_edit_webauthn",
    ),
    path(
        "accounts/2fa/webauthn/keys/<int:pk>/remove/",
        factors.remove_passkey,
        name="mfa_remove_webauthn",
    ),
    path("account/welcome/", sign_in.welcome, name="welcome"),
    # Where allauth leads back to after each change.
    path("account/security/", security.security, name="mfa_index"),
    path(
        "account/security/others/end/",
        security.end_other_sessions,
        name="end_other_sessions",
    ),
    path("account/security/<slug:code>/end/", security.end_session, name="end_session"),
    # Somebody's own page, and how safely they are here.
    path("account/", home.home, name="account_home"),
    path("account/signed-out/", home.signed_out, name="account_signed_out"),
    path("account/stay/", idle.stay, name="account_stay"),
    path("account/locked/", idle.locked, name="account_locked"),
    path("account/unfinished/", idle.keep_form, name="account_keep_form"),
    path("account/unfinished/<str:code>/", idle.unfinished, name="account_unfinished"),
    path(
        "account/unfinished/<str:code>/throw-away/",
        idle.throw_away,
        name="account_throw_away",
    ),
    path("account/reach/", reach.reach, name="account_reach"),
    path("account/reach/never/", reach.send_nothing, name="account_send_nothing"),
    path("account/reach/again/", reach.send_again, name="account_send_again"),
    path("account/email/", reach.new_address, name="account_email"),
    path("account/email/code/", reach.prove_address, name="account_email_code"),
    path("account/email/changed/", reach.address_changed, name="account_email_changed"),
]
