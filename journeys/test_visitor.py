"""The visitor's journey: find by pinyin, register, leave a card, take it back, ask."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from journeys.cast import EDITION
from journeys.house import Installation, wait_for
from journeys.reader import Reader, newest_mail

pytestmark = pytest.mark.journey
PASSWORD = "kan-hai-ting-feng-88"


def test_home(house: Installation, reader: Callable[..., Reader]) -> None:
    one = reader("visitor")
    one.go("/")
    one.go("/search/?q=fengzheng")
    one.sees("沙燕风筝")
