"""What every answer carries, whatever answers: pages, files, errors, redirects, the API."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

EDITOR = "/editor/"
# What browsers let a page ask for, and this site never does.
REFUSED_FEATURES = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read"),
    *("display-capture", "encrypted-media", "gamepad", "geolocation", "gyroscope", "hid"),
    *("identity-credentials-get", "idle-detection", "keyboard-map", "local-fonts"),
    *("magnetometer", "microphone", "midi", "otp-credentials", "payment", "picture-in-picture"),
    *("screen-wake-lock", "serial", "storage-access", "sync-xhr", "usb", "window-management"),
    "xr-spatial-tracking",
)
PASSKEYS = ("publickey-credentials-create", "publickey-credentials-get")
PERMISSIONS = ", ".join(
    (*(f"{one}=()" for one in REFUSED_FEATURES), *(f"{one}=(self)" for one in PASSKEYS))
)
ON_EVERY_ANSWER = {
    "Permissions-Policy": PERMISSIONS,
    "Cross-Origin-Resource-Policy": "same-origin",
    # For browsers that do not know the policy's frame-ancestors.
    "X-Frame-Options": settings.X_FRAME_OPTIONS,
}


class HeadersMiddleware:
    """Add what Django's headers and the content policy leave out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in ON_EVERY_ANSWER.items():
            response[name] = value
        if request.path_info.startswith(EDITOR):
            # The preview of a page stands in a frame of the editor.
            response["X-Frame-Options"] = "SAMEORIGIN"
        if _asks_for_a_public_name(request):
            response["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
        return response


class HostMiddleware:
    """Refuse a name that nobody gave this site, before a file is answered under it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Raises DisallowedHost, which is answered with our page of status 400.
        request.get_host()
        return self.get_response(request)


def _asks_for_a_public_name(request: HttpRequest) -> bool:
    """Whether this is one of the site's own names, to which browsers come by HTTPS alone."""
    name = request.META.get("HTTP_HOST", "").partition(":")[0]
    return name.lower() in settings.OWN_HOSTS
