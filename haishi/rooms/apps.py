from django.apps import AppConfig


class RoomsConfig(AppConfig):
    name = "haishi.rooms"
    label = "rooms"
