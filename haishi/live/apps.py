from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "haishi.live"
    label = "live"
