"""The web application, as granian's workers load it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "attune.project.settings")
application = get_wsgi_application()
