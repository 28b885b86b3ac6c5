from django.apps import AppConfig


class LicencesConfig(AppConfig):
    name = "haishi.licences"
    label = "licences"
