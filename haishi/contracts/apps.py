from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "haishi.contracts"
    label = "contracts"
