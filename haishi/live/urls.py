"""Addresses of live: pages of viewers, what they do, the host's desk, engines' hooks."""

from django.urls import path

from haishi.live.page_urls import urlpatterns as pages
from haishi.live.views import hooks, viewer

L = "live/<slug:public_id>"
app_name = "live"
urlpatterns = [
    # Engines
    path("live/engines/own/events/", hooks.own_event, name="own_event"),
    path("live/engines/mediamtx/auth/", hooks.mediamtx_auth, name="mediamtx_auth"),
    path("live/engines/srs/hook/", hooks.srs_hook, name="srs_hook"),
    # Viewers
    *pages,
    path(f"{L}/playback/", viewer.playback, name="playback"),
    path(f"{L}/panel/<slug:kind>/<int:pk>/", viewer.panel, name="panel"),
    path(f"{L}/polls/<int:poll_id>/<int:number>/", viewer.vote, name="vote"),
    path(f"{L}/ask/", viewer.ask, name="ask"),
    path(f"{L}/questions/<int:question_id>/up/", viewer.upvote, name="upvote"),
    path(f"{L}/lotteries/<int:lottery_id>/take-part/", viewer.take_part, name="take_part"),
    path(f"{L}/lotteries/<int:lottery_id>/draw.json", viewer.lottery_file, name="lottery_file"),
    path(f"{L}/captions/<slug:language>.vtt", viewer.captions, name="captions"),
    path(f"{L}/calendar.ics", viewer.calendar, name="calendar"),
]
