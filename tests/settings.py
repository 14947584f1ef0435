"""Attune's own settings, with what a test run must not share with a developer's site."""

import os
import tempfile
from pathlib import Path

# Only the database server may be chosen from outside; the rest is the same on every machine.
for name in list(os.environ):
    if name in ("PORT", "EMAIL_URL") or (name.startswith("ATTUNE_") and name != "ATTUNE_PG_BIN"):
        del os.environ[name]
OWN_FOLDER = Path(tempfile.mkdtemp(prefix="attune-test-"))
os.environ["ATTUNE_DATA_DIR"] = str(OWN_FOLDER / "data")
os.environ["ATTUNE_KEY_FILE"] = str(OWN_FOLDER / "attune.key")

from attune.project.environment import CHECKOUT  # noqa: E402
from attune.project.postgres import EmbeddedPostgres  # noqa: E402
from attune.project.settings import *  # noqa: E402, F403
from attune.project.settings import DATABASES, EXTERNAL_DATABASE, PG_BIN  # noqa: E402

# Kept between runs: it holds the finished template database.
TEST_POSTGRES = EmbeddedPostgres(
    CHECKOUT / "var" / "test" / "postgres", bin_dir=PG_BIN, is_durable=False
)
if not EXTERNAL_DATABASE:
    DATABASES["default"]["HOST"] = str(TEST_POSTGRES.socket_dir)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Pages name their static files without a collectstatic before each run.
STORAGES = {
    "default": {"BACKEND": "attune.content.storage.DatabaseStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
for folder in ("static", "published"):
    (OWN_FOLDER / "data" / folder).mkdir(parents=True, exist_ok=True)
