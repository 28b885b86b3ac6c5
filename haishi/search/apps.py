from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "haishi.search"
    label = "search"
