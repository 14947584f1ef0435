"""Django's settings. Everything that an operator may choose comes from the environment."""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from attune.accounts.keys import derived_key, ensure_key_file
from attune.project import environment, logs
from attune.project.postgres import EmbeddedPostgres

PACKAGE = Path(__file__).resolve().parents[1]

# -- what an operator may set ------------------------------------------------------------------
DATA_DIR = environment.path("ATTUNE_DATA_DIR", environment.CHECKOUT / "var" / "data")
# Outside the data folder: a copy of the data must not hold the key to it.
KEY_FILE = environment.path("ATTUNE_KEY_FILE", environment.CHECKOUT / "var" / "attune.key")
EXTERNAL_DATABASE = environment.database()
PORT = environment.port("PORT", 8000)
OWN_HOSTS = environment.hosts("ATTUNE_ALLOWED_HOSTS", ())
# Proxies that say truly, in X-Forwarded-For, where a request came from.
TRUSTED_PROXIES = environment.networks("ATTUNE_TRUSTED_PROXIES")
# Who runs this service, and where they read mail: named on the privacy and accessibility pages.
OPERATOR = environment.line("ATTUNE_OPERATOR")
CONTACT = environment.email("ATTUNE_CONTACT")
MAIL = environment.mail(DATA_DIR / "mail")
PG_BIN = environment.pg_bin("ATTUNE_PG_BIN")

try:
    ensure_key_file(KEY_FILE)
except OSError:
    raise environment.SettingError(
        "ATTUNE_KEY_FILE", str(KEY_FILE), "a file in a folder that this user can write"
    ) from None
SECRET_KEY = environment.secret("ATTUNE_SECRET_KEY") or derived_key(KEY_FILE, "django").hex()

# -- where it answers --------------------------------------------------------------------------
DEBUG = False
ALLOWED_HOSTS = [*OWN_HOSTS, "localhost", "127.0.0.1", "[::1]"]
# The public address that mail links to.
PUBLIC_URL = f"https://{OWN_HOSTS[0]}" if OWN_HOSTS else f"http://localhost:{PORT}"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in OWN_HOSTS]
ROOT_URLCONF = "attune.project.urls"
WSGI_APPLICATION = "attune.project.wsgi.application"
APPEND_SLASH = True

INSTALLED_APPS = [
    "attune.project",
    "attune.demo",
    "attune.web",
    "attune.content",
    "attune.enquiries",
    "attune.finder",
    "attune.booking",
    "attune.directory",
    "attune.offers",
    "attune.privacy",
    "attune.accounts",
    "attune.outbox",
    "attune.vocabulary",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.snippets",
    "wagtail.images",
    # The editor does not run without these two; nobody may use them.
    "wagtail.documents",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "modelsearch",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "attune.project.staff_site.StaffSiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "attune.project.logs.RequestLogMiddleware",
    "attune.project.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "attune.web.middleware.EditorPolicyMiddleware",
    "attune.project.headers.HostMiddleware",
    # Serves static files and the published help pages before any session or database.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Outside of what can refuse a page, so that a refusal asks too.
    "attune.privacy.middleware.ChoiceMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "attune.web.middleware.PrivatePagesMiddleware",
    # Before who may see the page: what came too late is kept for its sender.
    "attune.accounts.idle.IdleLockMiddleware",
    "attune.accounts.limits.LimitsMiddleware",
    "attune.accounts.audience.AudienceMiddleware",
    # Where a page went that was renamed; asked only when nothing is found.
    "attune.web.middleware.MovedPagesMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "attune.web.jinja.environment"},
    },
    {
        # The staff admin and the editor only.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# -- database ----------------------------------------------------------------------------------
EMBEDDED_POSTGRES: EmbeddedPostgres | None = None
if EXTERNAL_DATABASE:
    _database = {
        "NAME": EXTERNAL_DATABASE.name,
        "USER": EXTERNAL_DATABASE.user,
        "PASSWORD": EXTERNAL_DATABASE.password,
        "HOST": EXTERNAL_DATABASE.host,
        "PORT": EXTERNAL_DATABASE.port,
        "OPTIONS": EXTERNAL_DATABASE.options,
    }
else:
    EMBEDDED_POSTGRES = EmbeddedPostgres(DATA_DIR / "postgres", bin_dir=PG_BIN)
    _database = {"NAME": "attune", "USER": "attune", "HOST": str(EMBEDDED_POSTGRES.socket_dir)}

DATABASES = {
    "default": {
        "ENGINE": "attune.project.database",
        # Kept open: a new connection would cost more than a results page's queries.
        "CONN_MAX_AGE": None,
        # A connection that the database's restart broke is replaced before it is used.
        "CONN_HEALTH_CHECKS": True,
        **_database,
    }
}
# Shared by all processes: limits count once, whichever process answers.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        # Django's own limit of 300 would let a flood of tries push out what counts them.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# -- people ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["attune.accounts.backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "attune.accounts.adapter.AccountAdapter"
ACCOUNT_TEMPLATE_EXTENSION = "jinja"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# The one rule of lockout, for passwords and second factors, and for addresses that nobody has: it
# counts what failed, by account and by origin, in the shared cache. See docs/reference/limits.md.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key,50/d/key"}
# Sealed data asks for the second factor again after half an hour.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 30 * 60
MFA_ADAPTER = "attune.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
# allauth's, with a sentence of ours for whatever a browser may say of a passkey.
MFA_FORMS = {
    "login_webauthn": "attune.accounts.forms.PasskeyLoginForm",
    "authenticate_webauthn": "attune.accounts.forms.PasskeyFactorForm",
    "reauthenticate_webauthn": "attune.accounts.forms.PasskeyConfirmForm",
    "add_webauthn": "attune.accounts.forms.AddPasskeyForm",
}
# Browsers treat http://localhost as secure; any other plain-http origin stays refused.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not OWN_HOSTS

# -- cookies and headers -----------------------------------------------------------------------
SESSION_ENGINE = "attune.accounts.sessions"
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 30 * 24 * 3600
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
# In the session, not in a cookie of their own: the cookie page names two and there are two.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "attune.web.views.csrf_failure"
# no-referrer would make browsers send "Origin: null", and every form would be refused.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Sent with the site's own public names only: see project/headers.py.
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SILENCED_SYSTEM_CHECKS = [
    # X-Frame-Options is sent by project/headers.py, which knows where the editor frames a page.
    "security.W002",
    # Other names under the operator's domain are not this site's to decide on, and neither is a
    # list that ships with browsers. Cookies called __Host- are safe from those names without it.
    "security.W005",
    "security.W021",
    # The web server in front ends TLS and redirects; only it knows how a visitor came.
    "security.W008",
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# In place of the above, under /editor/ alone: what Wagtail cannot do without.
EDITOR_CONTENT_POLICY = {
    "script-src": [SELF, "'unsafe-inline'"],
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
}

# -- words and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
# Looking sentences up in a catalogue costs a results page half its time; one language needs none.
USE_I18N = len(LANGUAGES) > 1
USE_TZ = True
TIME_ZONE = "UTC"
# Shown where no practice's zone applies.
VISITOR_ZONE = "Europe/London"

# -- files -------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
# Pages that must be there when nothing else is: /help-now/ and /free-help/.
PUBLISHED_DIR = DATA_DIR / "published"
WHITENOISE_ROOT = PUBLISHED_DIR
WHITENOISE_INDEX_FILE = True
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    "default": {"BACKEND": "attune.content.storage.DatabaseStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
INDEX_DIR = DATA_DIR / "index"

# Pictures that editors upload, as they were drawn for pages.
MEDIA_URL = "/media/"

# Far more than any form or enquiry of ours, and little to hold or to read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
# A long page in the editor has a field for every piece of every block.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# -- the editor --------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Attune"
WAGTAILADMIN_BASE_URL = PUBLIC_URL
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "attune.content.publishing.publish_approved"
# People come by invitation, and sign in with a second factor, through our own pages.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# Of its own list of zones some are unknown to browsers, and break the page that shows it.
WAGTAIL_USER_TIME_ZONES = [VISITOR_ZONE]
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {"WIDGET": "attune.content.widgets.RichTextArea"},
}
WAGTAILIMAGES_IMAGE_FORM_BASE = "attune.content.forms.ImageForm"
WAGTAILIMAGES_IMAGE_MODEL = "content.LibraryImage"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 5 * 1024 * 1024
# More than any camera in a phone has; a picture unpacked takes four bytes a pixel.
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]

# -- mail --------------------------------------------------------------------------------------
EMAIL_TIMEOUT = 20
if MAIL.scheme == "console":
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
elif MAIL.scheme == "file":
    EMAIL_BACKEND = "attune.outbox.files.MailFolderBackend"
    EMAIL_FILE_PATH = MAIL.folder
else:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = MAIL.host, MAIL.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
    EMAIL_USE_SSL, EMAIL_USE_TLS = MAIL.scheme == "smtps", MAIL.uses_starttls
DEFAULT_FROM_EMAIL = f"Appointments <no-reply@{OWN_HOSTS[0] if OWN_HOSTS else 'localhost'}>"

# -- what is written down -----------------------------------------------------------------------
LOGGING = logs.LOGGING

# -- Attune's own choices, named where they are used -------------------------------------------
# Invented people: every page says so, and /demo/ exists. Set by the embedded demo only.
DEMO_MARK = DATA_DIR / "demo-site"
IS_DEMO_SITE = DEMO_MARK.exists() and not EXTERNAL_DATABASE

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
