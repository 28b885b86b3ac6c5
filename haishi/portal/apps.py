from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "haishi.portal"
    label = "portal"
