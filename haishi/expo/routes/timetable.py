"""The programme's editor."""

from django.urls import path, register_converter

from haishi.expo.views import programme_parts, timetable


class OneOf:
    """What sessions are sorted by."""

    regex = "stage|track"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(OneOf, "programme_part")
T = "organise/<slug:edition>/timetable"
P = f"{T}/parts/<programme_part:what>/<int:part_id>"
urlpatterns = [
    path(f"{T}/", timetable.timetable, name="timetable"),
    path(f"{T}/parts/", programme_parts.parts, name="programme_parts"),
    path(f"{T}/new/<programme_part:what>/", programme_parts.part_new, name="part_new"),
    path(f"{P}/", programme_parts.part_edit, name="part_edit"),
    path(f"{P}/move/", programme_parts.part_move, name="part_move"),
    path(f"{P}/remove/", programme_parts.part_remove, name="part_remove"),
    path(f"{T}/new/speaker/", timetable.speaker_new, name="speaker_new"),
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
