"""Addresses of the pages that viewers read: lobby, room, replay."""

from django.urls import path

from haishi.live.views import lobby, replays, rooms

urlpatterns = [
    path("live/", lobby.lobby, name="lobby"),
    path("live/<slug:public_id>/", rooms.room, name="room"),
    path("live/<slug:public_id>/replay/", replays.replay, name="replay"),
    path("live/<slug:public_id>/replay/lines/", replays.lines, name="replay_lines"),
]
