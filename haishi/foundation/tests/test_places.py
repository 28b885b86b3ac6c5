"""Cities for readers of English."""

import pytest
from django.utils import translation

from haishi.foundation.places import place_name


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("滨州", "Binzhou"),
        ("西安", "Xi'an"),
        ("重庆市", "Chongqing"),
        ("陕西", "Shaanxi"),
        ("金泽", "Kanazawa"),
        ("Bath", "Bath"),
        ("", ""),
    ],
)
def test_a_reader_of_english_gets_the_english_name_of_a_place(written: str, read: str) -> None:
    with translation.override("en"):
        assert place_name(written) == read


def test_a_reader_of_chinese_gets_the_place_as_it_was_written() -> None:
    with translation.override("zh-hans"):
        assert place_name("重庆市") == "重庆市"
