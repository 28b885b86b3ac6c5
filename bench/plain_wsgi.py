"""What granian serves for the control: `DJANGO_SETTINGS_MODULE` names `bench.plain`."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
