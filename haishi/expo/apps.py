from django.apps import AppConfig


class ExpoConfig(AppConfig):
    name = "haishi.expo"
    label = "expo"
