"""Addresses under /rooms/."""

from django.urls import path, register_converter

from haishi.rooms import views


class Place:
    """A whole number of up to fifteen digits."""

    regex = "[0-9]{1,15}"

    def to_python(self, value: str) -> int:
        """Digits to a number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """A number to digits."""
        return str(value)


register_converter(Place, "place")

app_name = "rooms"
LINE = "<slug:room>/lines/<place:epoch>/<place:offset>"
urlpatterns = [
    path("token/", views.token, name="token"),
    path("words/<slug:slug>/", views.words, name="words"),
    path("words/<slug:slug>/probe/", views.probe, name="probe"),
    path("words/<slug:slug>/<int:word_id>/remove/", views.remove_word, name="word-remove"),
    path("held/<place:line_id>/show/", views.decide, {"action": "show"}, name="show"),
    path("held/<place:line_id>/drop/", views.decide, {"action": "drop"}, name="drop"),
    path("sanctions/<place:sanction_id>/lift/", views.lift, name="lift"),
    path("<slug:room>/history/", views.history, name="history"),
    path("<slug:room>/moderate/", views.moderate, name="moderate"),
    path("<slug:room>/settings/", views.change_settings, name="settings"),
    path(f"{LINE}/sanction/", views.sanction, name="sanction"),
    path(f"{LINE}/remove/", views.remove_line, name="line-remove"),
]
