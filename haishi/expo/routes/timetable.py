"""The programme's editor."""

from django.urls import path, register_converter

from haishi.expo.views import timetable


class OneOf:
    """The things an editor adds."""

    regex = "stage|track|speaker"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(OneOf, "programme_part")
T = "organise/<slug:edition>/timetable"
urlpatterns = [
    path(f"{T}/", timetable.timetable, name="timetable"),
    path(f"{T}/new/<programme_part:what>/", timetable.add, name="programme_add"),
    path(f"{T}/speakers/<int:speaker_id>/", timetable.speaker_edit, name="speaker_edit"),
    path(f"{T}/import/", timetable.import_sessions, name="import_sessions"),
    path(f"{T}/export.<str:form>", timetable.export_sessions, name="export_sessions"),
    path(f"{T}/new/session/", timetable.session_new, name="session_new"),
    path(f"{T}/sessions/<int:session_id>/", timetable.session_edit, name="session_edit"),
    path(
        f"{T}/sessions/<int:session_id>/<slug:action>/",
        timetable.session_decide,
        name="session_decide",
    ),
]
