"""Unified social credit codes, as GB 32100-2015 defines them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haishi.parties.credit_code import ALPHABET, WEIGHTS, check_character, is_valid, normal

FIRST = st.builds(
    lambda head, division, body: head + division + body,
    st.text(ALPHABET, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=9, max_size=9),
)


def test_the_weights_are_those_of_annex_a():
    assert WEIGHTS == (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91330100799655058B"])
def test_published_codes_are_valid(code):
    assert is_valid(code)


@given(FIRST)
def test_every_body_has_exactly_one_check_character(first):
    assert [c for c in ALPHABET if is_valid(first + c)] == [check_character(first)]


@given(FIRST, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(first, place, other):
    code = first + check_character(first)
    wrong = code[:place] + other + code[place + 1 :]
    assert is_valid(wrong) is (wrong == code)


@given(FIRST, st.integers(0, 15))
def test_two_neighbours_swapped_are_always_noticed(first, place):
    code = first + check_character(first)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_valid(swapped) is (swapped == code)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "91350100M000100Y4",
        "91350100M000100Y433",
        "91350100I000100Y43",
        "九一三五零一零零M000100Y43",
    ],
)
def test_what_has_not_the_shape_is_not_valid(text):
    assert is_valid(normal(text)) is False


def test_blanks_hyphens_small_and_full_width_letters_are_one_writing():
    assert normal(" 9135 0100-m000 100y43 ") == "91350100M000100Y43"
    assert normal("９１３５０１００Ｍ０００１００Ｙ４３") == "91350100M000100Y43"
