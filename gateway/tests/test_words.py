"""Words in disguise: full width, spaces between, homophones; and what is innocent stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.limits import Bucket, Buckets
from gateway.words import Verdict, Words

SOUNDS = {"骗": "pian", "片": "pian", "子": "zi", "紫": "zi", "字": "zi"}
WORDS = Words({"骗子": "block", "VX": "hold", "坏": "mask", "骗": "mask"}, SOUNDS.get)


@pytest.mark.parametrize(
    "text", ["骗子", "骗 子", "骗·子", "片子", "片紫", "你是骗**子吗", "骗\u200b子"]
)
def test_a_word_is_found_however_it_is_written(text):
    assert (WORDS.judge(text).action, WORDS.judge(text).word) == ("block", "骗子")


@pytest.mark.parametrize("text", ["vx", "ＶＸ", "v x", "V.X", "ｖ-ｘ"])
def test_width_and_case_do_not_hide_a_word(text):
    assert WORDS.judge(f"加{text}细聊").action == "hold"


@pytest.mark.parametrize("text", ["", "海市开了", "照片", "子", "文字"])
def test_what_is_innocent_passes_as_it_was_typed(text):
    assert WORDS.judge(text) == Verdict("", text)


def test_masking_covers_the_word_and_what_was_put_between():
    words = Words({"坏话": "mask"})
    assert words.judge("别说坏 话，坏话！").text == "别说***，**！"


def test_the_hardest_action_wins():
    assert WORDS.judge("坏骗子").action == "block"


lines, short = st.text(alphabet="ab", max_size=30), st.text(alphabet="ab", min_size=1, max_size=4)


@given(lines, st.lists(short))
def test_every_word_that_stands_in_a_line_is_found_and_no_other(text, known):
    words = Words(dict.fromkeys(known, "block"))
    assert (words.judge(text).action == "block") == any(word in text for word in known)


def test_a_bucket_gives_its_burst_and_then_one_each_interval():
    bucket = Bucket(1.5, 3)
    assert [bucket.take(now) for now in (10.0, 10.0, 10.0, 10.0)] == [0.0, 0.0, 0.0, 1.5]
    assert (bucket.take(11.5), bucket.take(11.5)) == (0.0, 1.5)
    assert [bucket.take(100.0) for _turn in range(4)] == [0.0, 0.0, 0.0, 1.5]


def test_buckets_are_kept_apart_and_not_without_end():
    buckets = Buckets(1.0, 1, most=100)
    assert [buckets.take(key, 1.0) for key in ("a", "b", "a")] == [0.0, 0.0, 1.0]
    for number in range(1_000):
        buckets.take(number, 2.0)
    assert len(buckets._known) <= 101
