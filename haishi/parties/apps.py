from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "haishi.parties"
    label = "parties"

    def ready(self) -> None:
        from haishi.foundation.api import register_token_reader
        from haishi.parties import services

        register_token_reader(services.authenticate_token)
