"""The web application, as granian's workers load it."""

import os

from django.core.wsgi import get_wsgi_application

from attune.project.processes import die_with_parent, record

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "attune.project.settings")
# A worker whose master was killed would go on holding the port.
die_with_parent()
application = get_wsgi_application()

from django.conf import settings  # noqa: E402 - after Django is set up

record(settings.DATA_DIR / "processes", os.getpid())
