from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "haishi.parties"
    label = "parties"
