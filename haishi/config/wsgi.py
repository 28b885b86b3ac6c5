"""The web process: `granian --interface wsgi haishi.config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haishi.config.settings")
application = get_wsgi_application()
