"""Who uploaded a file hears that it was refused, or that an upload was left behind."""

from typing import Any

import pytest

from haishi.foundation import outbox
from haishi.media import services
from haishi.media.tests import files
from haishi.media.tests.ageing import a_day_passes
from haishi.notices.tests.reading import notices_of

pytestmark = pytest.mark.django_db


def test_a_refused_file_is_named_with_its_reason_in_both_languages(firm: Any, zhou: Any) -> None:
    services.receive(zhou, firm.pk, files.upload(files.png()))
    a_day_passes()
    outbox.drain()
    (notice,) = notices_of(zhou)
    assert (notice["subject"], notice["body"]) == (
        "文件“file.png”未能通过检查",
        "24 小时内没有处理完，已撤下。请重新上传。",
    )
    assert notice["subject_en"] == "The file “file.png” did not pass the checks"
    assert notice["body_en"].isascii()
    assert notice["url"] == "/media/"


def test_an_upload_left_for_a_day_is_told_to_who_began_it(firm: Any, zhou: Any, lin: Any) -> None:
    services.begin_upload(zhou, firm.pk, "picture", "潮汐.jpg", 100)
    a_day_passes()
    outbox.drain()
    assert [notice["subject"] for notice in notices_of(zhou)] == ["文件“潮汐.jpg”没有传完"]
    assert notices_of(lin) == []
