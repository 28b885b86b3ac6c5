"""A peer of bench/rooms.py: one room by Django Channels with its layer in memory, under daphne.

As the tutorial of Channels builds a chat: a group, a consumer that passes on what it receives.
Run as `daphne load.channels_site:application` from the folder `bench`.
"""

from typing import Any

import django
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import path

settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["*"],
    # A reader's queue holds a hundred messages by default; a fuller one would lose some.
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": "channels.layers.InMemoryChannelLayer",
            "CONFIG": {"capacity": 10_000},
        }
    },
)
django.setup()


class Reader(AsyncWebsocketConsumer):
    """One browser in the room."""

    async def connect(self) -> None:
        await self.channel_layer.group_add("room", self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard("room", self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.channel_layer.group_send("room", {"type": "room.line", "line": bytes_data})

    async def room_line(self, event: dict[str, Any]) -> None:
        """A line of the group."""
        await self.send(bytes_data=event["line"])


application = ProtocolTypeRouter({"websocket": URLRouter([path("rt", Reader.as_asgi())])})
