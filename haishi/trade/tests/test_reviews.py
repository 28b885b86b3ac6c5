"""Reviews: after completion, once a line, answered once, hidden with a reason, counted."""

import datetime as dt
import json
import re

import pytest

from haishi.expo.tests.factories import ShownExhibitorFactory
from haishi.foundation import clock, outbox
from haishi.foundation.errors import Conflict, Forbidden, NotFound
from haishi.notices import selectors as notices
from haishi.trade import services
from haishi.trade.errors import AnsweredAlready, NotCompleted, ReviewFixed
from haishi.trade.models import Review
from haishi.trade.tests.factories import completed, order, pay, product, review, somebody, want

pytestmark = pytest.mark.django_db


def structured(page: str) -> dict:
    """The schema.org Product of a page."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    return json.loads(found.group(1))


def test_only_who_bought_and_only_after_completion(firm, lin, stranger):
    row = order(stranger, want(product(firm)))
    line = row.lines.get()
    with pytest.raises(NotCompleted):
        services.write_review(stranger, line.pk, 5, "很好很好。")
    pay(row)
    with pytest.raises(NotCompleted):
        services.write_review(stranger, line.pk, 5, "很好很好。")
    done = completed(firm, stranger).lines.get()
    for who in (somebody(), lin):
        with pytest.raises(NotFound):
            services.write_review(who, done.pk, 5, "很好很好。")
    assert Review.objects.count() == 0


def test_a_second_word_replaces_the_first_for_thirty_days(firm, lin, stranger, monkeypatch):
    line = completed(firm, stranger).lines.get()
    first = services.write_review(stranger, line.pk, 5, "很好很好。")
    services.write_review(stranger, line.pk, 3, "线头有点多。")
    row = Review.objects.get()
    assert (row.rating, row.text, row.edited_at is not None) == (3, "线头有点多。", True)
    last = first.written_at + dt.timedelta(days=30)
    monkeypatch.setattr(clock, "now", lambda: last - dt.timedelta(seconds=1))
    services.write_review(stranger, line.pk, 4, "洗过就好。")
    monkeypatch.setattr(clock, "now", lambda: last)
    with pytest.raises(ReviewFixed):
        services.write_review(stranger, line.pk, 1, "还是不好。")
    row.refresh_from_db()
    assert (row.rating, row.text) == (4, "洗过就好。")


def test_the_sellers_managers_answer_once(firm, lin, zhou, stranger):
    row = review(firm, stranger)
    with pytest.raises(Forbidden):
        services.answer_review(zhou, row.pk, "谢谢")
    services.answer_review(lin, row.pk, "谢谢，欢迎再来。")
    with pytest.raises(AnsweredAlready):
        services.answer_review(lin, row.pk, "另一句")
    row.refresh_from_db()
    assert row.answer == "谢谢，欢迎再来。"
    outbox.drain()
    subjects = [notice.subject for notice in notices.inbox(stranger, kind="order")]
    assert "卖家答复了你对《沙燕风筝》的评价" in subjects


def test_the_products_page_shows_the_mean_and_says_it_to_machines(client, firm, lin, stranger):
    row = review(firm, stranger, 4, "做工很细，值得等。")
    other = somebody()
    second = order(other, want(row.product))
    pay(second)
    services.ship(lin, second.pk)
    services.receive(other, second.pk)
    services.settle_due(clock.now() + dt.timedelta(days=8))
    services.write_review(other, second.lines.get().pk, 1, "</script><b>坏")
    page = client.get(row.product.get_absolute_url()).content.decode()
    found = structured(page)
    assert found["aggregateRating"] == {
        "@type": "AggregateRating",
        "ratingValue": 2.5,
        "reviewCount": 2,
        "bestRating": 5,
        "worstRating": 1,
    }
    assert [each["reviewRating"]["ratingValue"] for each in found["review"]] == [1, 4]
    assert found["offers"]["availability"] == "https://schema.org/InStock"
    assert ("平均 2.5 分，共 2 条" in page, "外**" in page, "<b>坏" in page) == (True, True, False)


def test_a_product_without_reviews_says_nothing_of_them(client, firm):
    found = structured(client.get(product(firm).get_absolute_url()).content.decode())
    assert ("aggregateRating" in found, "review" in found) == (False, False)


def test_a_moderator_hides_with_a_reason_that_the_author_reads_and_shows_again(
    client, firm, lin, chen, organiser, stranger
):
    booth = ShownExhibitorFactory(organisation=firm, edition__series__organiser=organiser)
    row = review(firm, stranger)
    url = f"/organise/{booth.edition.slug}/reviews/"
    client.force_login(chen)
    assert "做工很细" in client.get(url).content.decode()
    client.post(f"{url}{row.pk}/hide/", {"reason": ""})
    row.refresh_from_db()
    assert row.hidden_at is None
    client.post(f"{url}{row.pk}/hide/", {"reason": "含有电话"})
    assert "做工很细" not in client.get(row.product.get_absolute_url()).content.decode()
    with pytest.raises(Conflict):
        services.hide_review(chen, row.pk, "又一次")
    outbox.drain()
    told = next(n for n in notices.inbox(stranger, kind="order") if "隐藏" in n.subject)
    assert (told.subject, told.body) == ("你对《沙燕风筝》的评价已被隐藏", "原因：含有电话")
    assert "做工很细" in client.get(f"{url}?queue=hidden").content.decode()
    client.post(f"{url}{row.pk}/show/")
    assert "做工很细" in client.get(row.product.get_absolute_url()).content.decode()


def test_neither_sellers_nor_strangers_hide_a_review(firm, lin, stranger):
    row = review(firm, stranger)
    for who in (lin, somebody()):
        with pytest.raises((Forbidden, NotFound)):
            services.hide_review(who, row.pk, "不喜欢")
    row.refresh_from_db()
    assert row.hidden_at is None


def test_a_review_is_written_from_the_orders_page_and_answered_from_the_desk(
    client, firm, lin, stranger
):
    deal = completed(firm, stranger)
    client.force_login(stranger)
    url = f"/orders/{deal.number}/review/{deal.lines.get().pk}/"
    assert url in client.get(f"/orders/{deal.number}/").content.decode()
    refused = client.post(url, {"rating": "6", "text": "好"})
    assert (refused.status_code, Review.objects.count()) == (422, 0)
    assert client.post(url, {"rating": "5", "text": "颜色很正，包装也好。"}).status_code == 302
    row = Review.objects.get()
    client.force_login(lin)
    desk = "/orders/sold/penglai/reviews/"
    assert "颜色很正" in client.get(desk).content.decode()
    assert client.post(f"{desk}{row.pk}/", {f"r{row.pk}-answer": ""}).status_code == 422
    assert client.post(f"{desk}{row.pk}/", {f"r{row.pk}-answer": "谢谢"}).url == desk
    row.refresh_from_db()
    assert row.answer == "谢谢"
