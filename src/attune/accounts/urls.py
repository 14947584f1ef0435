"""Signing in. Of allauth's addresses only those that this site uses exist, under its names."""

from allauth.account import views as allauth_views
from django.urls import path

from attune.accounts import (
    factor_views,
    home_views,
    idle_views,
    reach_views,
    security_views,
    sign_in_views,
    views,
)

urlpatterns = [
    path("accounts/login/", sign_in_views.door, name="account_login"),
    path("accounts/login/mail/", sign_in_views.send_code, name="sign_in_mail"),
    path("accounts/login/code/", sign_in_views.give_code, name="sign_in_code"),
    path("accounts/logout/", allauth_views.logout, name="account_logout"),
    path("accounts/inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("accounts/invitation/", views.invitation, name="invitation"),
    path("accounts/second-factor/", views.second_factor_setup, name="second_factor_setup"),
    path("accounts/second-factor/done/", factor_views.factor_done, name="second_factor_done"),
    path("accounts/password/", security_views.choose_password, name="choose_password"),
    path("accounts/password/remove/", security_views.remove_password, name="remove_password"),
    path("accounts/confirm/", factor_views.confirm_by_mail, name="account_reauthenticate"),
    path("accounts/2fa/authenticate/", factor_views.authenticate, name="mfa_authenticate"),
    path("accounts/2fa/reauthenticate/", factor_views.confirm_by_factor, name="mfa_reauthenticate"),
    path("accounts/2fa/totp/activate/", factor_views.set_up_totp, name="mfa_activate_totp"),
    path("accounts/2fa/totp/deactivate/", factor_views.remove_totp, name="mfa_deactivate_totp"),
    path(
        "accounts/2fa/recovery-codes/",
        factor_views.see_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "accounts/2fa/recovery-codes/generate/",
        factor_views.new_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("accounts/2fa/webauthn/", factor_views.passkeys, name="mfa_list_webauthn"),
    path("accounts/2fa/webauthn/add/", factor_views.add_passkey, name="mfa_add_webauthn"),
    path("accounts/2fa/webauthn/login/", sign_in_views.passkey_login, name="mfa_login_webauthn"),
    path(
        "accounts/2fa/webauthn/reauthenticate/",
        factor_views.confirm_by_passkey,
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "accounts/2fa/webauthn/keys/<int:pk>/edit/",
        factor_views.rename_passkey,
        name="mfa_edit_webauthn",
    ),
    path(
        "accounts/2fa/webauthn/keys/<int:pk>/remove/",
        factor_views.remove_passkey,
        name="mfa_remove_webauthn",
    ),
    path("account/welcome/", sign_in_views.welcome, name="welcome"),
    # Where allauth leads back to after each change.
    path("account/security/", security_views.security, name="mfa_index"),
    path(
        "account/security/others/end/",
        security_views.end_other_sessions,
        name="end_other_sessions",
    ),
    path("account/security/<slug:code>/end/", security_views.end_session, name="end_session"),
    # Somebody's own page, and how safely they are here.
    path("account/", home_views.home, name="account_home"),
    path("account/signed-out/", home_views.signed_out, name="account_signed_out"),
    path("account/stay/", idle_views.stay, name="account_stay"),
    path("account/locked/", idle_views.locked, name="account_locked"),
    path("account/unfinished/", idle_views.keep_form, name="account_keep_form"),
    path("account/unfinished/<str:code>/", idle_views.unfinished, name="account_unfinished"),
    path(
        "account/unfinished/<str:code>/throw-away/",
        idle_views.throw_away,
        name="account_throw_away",
    ),
    path("account/reach/", reach_views.reach, name="account_reach"),
    path("account/reach/never/", reach_views.send_nothing, name="account_send_nothing"),
    path("account/reach/again/", reach_views.send_again, name="account_send_again"),
    path("account/email/", reach_views.new_address, name="account_email"),
    path("account/email/code/", reach_views.prove_address, name="account_email_code"),
    path("account/email/changed/", reach_views.address_changed, name="account_email_changed"),
]
