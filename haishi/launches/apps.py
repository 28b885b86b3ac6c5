from django.apps import AppConfig


class LaunchesConfig(AppConfig):
    name = "haishi.launches"
    label = "launches"
