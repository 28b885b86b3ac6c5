"""The programme for everybody, and what a visitor keeps of it."""

from django.urls import path

from haishi.expo.views import agenda
from haishi.expo.views import programme as views

P = "e/<slug:edition>/programme"
urlpatterns = [
    path(f"{P}/", views.programme, name="programme"),
    path(f"{P}/changes/", agenda.changes, name="programme_changes"),
    path(f"{P}/<slug:code>/", views.session, name="session"),
    path(f"{P}/<slug:code>/session.ics", agenda.session_ics, name="session_ics"),
    path(f"{P}/<slug:code>/keep/", agenda.keep, name="keep_session"),
    path("e/<slug:edition>/schedule.<str:form>", agenda.schedule, name="schedule"),
    path("e/<slug:edition>/speakers/", views.speakers, name="speakers"),
    path("e/<slug:edition>/speakers/<int:speaker_id>/", views.speaker, name="speaker"),
    path("me/agenda/", agenda.my_agenda, name="my_agenda"),
    path("me/agenda/feed/renew/", agenda.renew_feed, name="renew_feed"),
    path("me/agenda/<str:token>.ics", agenda.feed, name="agenda_feed"),
]
