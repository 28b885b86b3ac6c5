"""Exhibitor's desk: take part, application, booth page."""

from django.urls import path

from haishi.expo.views import exhibit

X = "exhibit/<int:exhibitor_id>"
urlpatterns = [
    path("e/<slug:edition>/take-part/", exhibit.take_part, name="take_part"),
    path("exhibit/", exhibit.exhibits, name="exhibits"),
    path(f"{X}/", exhibit.desk, name="exhibit"),
    path(f"{X}/application/", exhibit.application, name="application"),
    path(f"{X}/submit/", exhibit.submit, name="application_submit"),
    path(f"{X}/page/", exhibit.setup, name="booth_setup"),
    path(f"{X}/media/", exhibit.media, name="booth_media"),
    path(f"{X}/staff/", exhibit.staff, name="booth_staff"),
    path(f"{X}/steps/", exhibit.steps, name="booth_steps"),
]
