"""Anonymous pages may come from memory; nobody's own page ever does."""

import pytest
from django.core.cache import caches

pytestmark = pytest.mark.django_db
MINE = "/account/logout/"  # the account menu of somebody who has signed in


@pytest.fixture(autouse=True)
def _remember(settings):
    settings.PAGE_CACHE_SECONDS = 60
    caches["pages"].clear()
    yield
    caches["pages"].clear()


def test_a_second_reader_gets_the_kept_page_without_a_query(client, django_assert_num_queries):
    first = client.get("/about/")
    with django_assert_num_queries(0):
        second = client.get("/about/")

    assert second.content == first.content
    assert second.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    assert second.headers["X-Request-Id"] != first.headers["X-Request-Id"]


def test_each_language_and_theme_has_a_page_of_its_own(client):
    chinese = client.get("/about/", headers={"accept-language": "zh-CN"}).text
    english = client.get("/about/", headers={"accept-language": "en"}).text
    client.cookies["theme"] = "dark"
    dark = client.get("/about/", headers={"accept-language": "en"}).text

    assert 'lang="zh-Hans"' in chinese
    assert 'lang="en"' in english
    assert 'data-theme="dark"' in dark
    assert 'data-theme="dark"' not in english


def test_somebody_with_a_session_neither_reads_nor_leaves_a_kept_page(client, lin):
    client.force_login(lin)
    mine = client.get("/about/").text
    client.logout()
    client.cookies.clear()
    everybodys = client.get("/about/").text

    assert MINE in mine
    assert MINE not in everybodys
    client.force_login(lin)
    assert MINE in client.get("/about/").text


def test_what_says_no_store_is_not_kept(client, django_assert_num_queries):
    client.get("/healthz")
    with django_assert_num_queries(1):
        client.get("/healthz")
