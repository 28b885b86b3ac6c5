"""Cloning, asking again, closing; the frozen archive."""

from django.urls import path, register_converter

from haishi.expo.views import again, archive, closing


class Answer:
    """What a firm says when it is asked to come again."""

    regex = "confirm|decline"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Answer, "again_answer")
O = "organise/<slug:edition>"  # noqa: E741 - the organiser's desk
X = "exhibit/<int:exhibitor_id>/again"
urlpatterns = [
    path(f"{O}/clone/", closing.clone, name="clone"),
    path(f"{O}/close/", closing.close, name="close"),
    path(f"{O}/close/archive/", closing.build_again, name="archive_again"),
    path(f"{O}/again/", again.organise, name="again"),
    path(f"{O}/again/<int:request_id>/ask/", again.ask_once_more, name="ask_once_more"),
    path(f"{X}/", again.come_again, name="come_again"),
    path(f"{X}/<int:request_id>/<again_answer:answer>/", again.answer, name="answer_again"),
    path("archive/<slug:edition>.zip", archive.whole, name="archive_whole"),
    path("archive/<slug:edition>/", archive.page, name="archive"),
    path("archive/<slug:edition>/<path:name>", archive.page, name="archive_file"),
]
