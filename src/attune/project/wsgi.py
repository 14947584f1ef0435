"""The web application, for any WSGI server. Ours is ``web_server.py``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "attune.project.settings")
application = get_wsgi_application()
