"""Addresses of live: pages of viewers, what they do, the host's desk, engines' hooks."""

from django.urls import path

from haishi.live.page_urls import urlpatterns as pages
from haishi.live.views import console, desk, gear, hooks, records, stage, viewer

L = "live/<slug:public_id>"
C = f"{L}/console"
X = "exhibit/<int:exhibitor_id>/lives"
M = "organise/<slug:edition>/lives"
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
    path("live/reserved.ics", viewer.my_calendar, name="my_calendar"),
    path(f"{L}/reserve/", viewer.reserve, name="reserve"),
    path(f"{L}/calendar.ics", viewer.calendar, name="calendar"),
    # Helpers
    path(f"{L}/speak/", stage.speak, name="speak"),
    path(f"{L}/speak/caption/", stage.caption, name="caption"),
    path(f"{L}/moderate/", stage.moderate, name="moderate"),
    # Desks
    path(f"{X}/", desk.exhibitor_lives, name="desk"),
    path(f"{X}/new/", desk.new, name="new"),
    path(f"{M}/", desk.organiser_lives, name="organise"),
    path(f"{M}/new/", desk.new_own, name="new_own"),
    # The console
    path(f"{C}/", console.console, name="console"),
    path(f"{C}/preview/", console.preview, name="preview"),
    path(f"{C}/edit/", desk.edit, name="edit"),
    path(f"{C}/end/", console.end, name="end"),
    path(f"{C}/step/<slug:action>/", console.step, name="step"),
    path(f"{C}/order/<slug:action>/<int:number>/", console.order, name="order"),
    path(f"{C}/gear/", gear.gear, name="gear"),
    path(f"{C}/gear/<int:number>/", gear.camera, name="camera"),
    path(f"{C}/gear/<int:number>/key/", gear.key, name="key"),
    path(f"{C}/gear/<int:number>/remove/", gear.remove_camera, name="remove_camera"),
    path(f"{C}/targets/", gear.targets, name="targets"),
    path(f"{C}/targets/<int:target_id>/<slug:action>/", gear.target, name="target"),
    path(f"{C}/people/", gear.people, name="people"),
    path(f"{C}/people/<int:invited_id>/dismiss/", gear.dismiss, name="dismiss"),
    path(f"{C}/stage/", stage.stage, name="stage"),
    path(f"{C}/stage/shelf/", stage.shelve, name="shelve"),
    path(f"{C}/stage/polls/", stage.add_poll, name="add_poll"),
    path(f"{C}/stage/lotteries/", stage.add_lottery, name="add_lottery"),
    path(f"{C}/stage/<slug:action>/<int:pk>/", stage.do, name="do"),
    path(f"{C}/records/", records.records, name="records"),
    path(f"{C}/records/chapters/", records.add_chapter, name="add_chapter"),
    path(
        f"{C}/records/chapters/<int:chapter_id>/remove/",
        records.remove_chapter,
        name="remove_chapter",
    ),
    path(f"{C}/records/captions/", records.upload_captions, name="upload_captions"),
    path(f"{C}/report/", records.report, name="report"),
    path(f"{C}/report.<slug:form>", records.report_file, name="report_file"),
    path(f"{C}/route/", records.route, name="route"),
    path(f"{C}/route/stations/", records.add_station, name="add_station"),
    path(f"{C}/route/stations/<int:station_id>/", records.station, name="station"),
    path(
        f"{C}/route/stations/<int:station_id>/remove/",
        records.remove_station,
        name="remove_station",
    ),
]
