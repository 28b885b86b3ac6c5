"""Registration, badges, gates."""

from django.urls import path

from haishi.expo.views import attendance

O = "organise/<slug:edition>"  # noqa: E741 - the organiser's desk
urlpatterns = [
    path("e/<slug:edition>/register/", attendance.register, name="register"),
    path("me/badges/", attendance.badges, name="badges"),
    path("me/badge/<slug:edition>/", attendance.badge, name="badge"),
    path("me/badge/<slug:edition>/cancel/", attendance.cancel, name="cancel_registration"),
    path(f"{O}/registrations/", attendance.registrations, name="registrations"),
    path(f"{O}/gates/", attendance.gates, name="gates"),
    path(f"{O}/gates/worker.js", attendance.gate_worker, name="gate_worker"),
    path(f"{O}/gates/<int:list_id>/", attendance.gate, name="gate"),
    path(f"{O}/gates/<int:list_id>/edit/", attendance.gate_edit, name="gate_edit"),
    path(f"{O}/gates/<int:list_id>/remove/", attendance.gate_remove, name="gate_remove"),
    path("organise/gates/<int:list_id>/badges.json", attendance.gate_badges, name="gate_badges"),
    path("organise/gates/<int:list_id>/sync/", attendance.gate_sync, name="gate_sync"),
]
