"""The web application, as granian's workers load it."""

import contextlib
import os

from django.core.wsgi import get_wsgi_application

from attune.project.processes import die_with_parent, record

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "attune.project.settings")
# A worker whose master was killed would go on holding the port.
die_with_parent()
application = get_wsgi_application()

# After Django is set up: settings, models and pages.
from django.conf import settings  # noqa: E402
from django.db import DatabaseError  # noqa: E402
from django.urls import resolve  # noqa: E402
from django.utils import timezone  # noqa: E402

from attune.finder.loading import current  # noqa: E402

record(settings.DATA_DIR / "processes", os.getpid())
# The first visitor waits for neither pages nor index. Without a database, requests will say so.
resolve("/healthz")
with contextlib.suppress(DatabaseError):
    current(timezone.now())
