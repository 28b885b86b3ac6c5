from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "haishi.catalogue"
    label = "catalogue"
