from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "haishi.notices"
    label = "notices"
