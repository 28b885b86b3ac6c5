from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class FoundationConfig(AppConfig):
    name = "haishi.foundation"
    label = "foundation"

    def ready(self) -> None:
        # Every module's facts, reactions, slow work, loops and health checks register themselves
        # by being imported once; nothing else needs to know that they exist.
        from haishi.foundation import vitals  # noqa: F401

        autodiscover_modules("events", "subscribers", "health", "loops")
