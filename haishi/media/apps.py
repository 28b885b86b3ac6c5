from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "haishi.media"
    label = "media"
