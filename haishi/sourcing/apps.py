from django.apps import AppConfig


class SourcingConfig(AppConfig):
    name = "haishi.sourcing"
    label = "sourcing"
