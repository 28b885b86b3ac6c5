"""What the demo accounts were told of all this.

The words are those of the subscribers of expo and catalogue, whose translations `in_both` finds.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse

from haishi.catalogue.states import ProductState
from haishi.config.demo.load.encounters.season import Season
from haishi.config.demo.load.world import World
from haishi.expo.states import ExhibitorState
from haishi.notices.models import Notice
from haishi.notices.types import BODY_LENGTH, SUBJECT_LENGTH, in_both

READ_AFTER = dt.timedelta(hours=30)


class _Post:
    """Notices by person and topic: what is unread about one thing is one notice that counts."""

    def __init__(self, world: World) -> None:
        self.now = world.now
        self.known = {person.pk for person in world.accounts.values()}
        self.rows: list[Notice] = []
        self.open: dict[tuple[int, str, str, Any], Notice] = {}

    def tell(
        self, at: dt.datetime, person: Any, kind: str, subject: Any, body: Any, url: str,
        topic: str = "", *, important: bool = False, **values: str,
    ) -> None:  # fmt: skip
        if person is None or person.pk not in self.known:
            return
        read = self.now - at > READ_AFTER
        # What was read, was read once a day.
        key = (person.pk, kind, topic, at.date() if read else None)
        row = self.open.get(key) if topic else None
        if row is not None:
            row.repeats, row.created_at = row.repeats + 1, max(row.created_at, at)
            return
        zh, en = in_both(subject, values, SUBJECT_LENGTH)
        body_zh, body_en = in_both(body, values, BODY_LENGTH)
        row = Notice(
            person=person, kind=kind, subject=zh, subject_en=en, body=body_zh, body_en=body_en,
            url=url, topic=topic, important=important, created_at=at,
            read_at=at + READ_AFTER / 5 if read else None,
        )  # fmt: skip
        self.rows.append(row)
        self.open[key] = row


def fill(world: World, season: Season) -> None:
    """Inboxes of the demo accounts; nobody else can sign in to read one."""
    post = _Post(world)
    for row in season.grants:
        _card(post, season, row)
    for talk in season.questions:
        _enquiry(post, world, talk)
    for deal in season.deals:
        _order(post, deal)
    _applications(post, world)
    _products(post, world)
    Notice.objects.bulk_create(sorted(post.rows, key=lambda row: row.created_at))


def _card(post: _Post, season: Season, row: Any) -> None:
    stand = next((s for s in season.stands if s.exhibitor.pk == row.exhibitor_id), None)
    if stand is None:
        return
    url, topic = reverse("expo:leads", args=[row.exhibitor_id]), f"cards:{row.exhibitor_id}"
    for person in stand.staff:
        post.tell(row.granted_at, person, "card", "收到一张新名片", "", url, topic)


def _enquiry(post: _Post, world: World, talk: Any) -> None:
    row, topic = talk.row, f"enquiry:{talk.row.pk}"
    desk = reverse("expo:enquiry", args=[row.exhibitor_id, row.pk])
    waits = "有新的询价等你回复"
    for _author, from_firm, _text, at in talk.messages:
        if from_firm:
            url = reverse("expo:my_enquiry", args=[row.pk])
            words = "你的询价有了答复"
            post.tell(at, row.person, "enquiry", words, row.subject, url, topic, important=True)
        else:
            post.tell(at, row.owner, "enquiry", waits, row.subject, desk, topic, important=True)
    if row.reminded_at:
        half = "询价的回复时间已过半"
        post.tell(
            row.reminded_at, row.owner, "enquiry", half, row.subject, desk, topic, important=True
        )
    if row.escalated_at:
        missed = "一条询价超时未回复"
        for person in dict.fromkeys((row.owner, talk.stand.staff[0])):
            post.tell(
                row.escalated_at, person, "enquiry", missed, row.subject, desk, topic,
                important=True,
            )  # fmt: skip
    if row.informed_at:
        firm = row.exhibitor.organisation.name
        silent, url = "%(firm)s 长时间未回复询价", reverse("expo:organise", args=[world.edition.slug])  # fmt: skip
        moderator, about = world.accounts["moderator"], f"neglected:{row.exhibitor_id}"
        post.tell(row.informed_at, moderator, "enquiry", silent, "", url, about, firm=firm)


# Action of the audit log → what the buyer and what the seller heard of it; "" heard nothing.
TOLD = {
    "order.placed": ("订单 %(number)s 等待付款", "新订单 %(number)s，等待付款"),
    "order.pay": ("订单 %(number)s 已付款", "订单 %(number)s 已付款，请发货"),
    "order.ship": ("订单 %(number)s 已全部发货", "订单 %(number)s 已登记发货"),
    "order.ship_part": ("订单 %(number)s 发出一部分", "订单 %(number)s 已登记发货"),
    "order.receive": ("订单 %(number)s 已收货", "订单 %(number)s 已收货"),
    "order.settle": ("订单 %(number)s 已完成", "订单 %(number)s 已结算"),
    "order.cancel": ("订单 %(number)s 已取消", "订单 %(number)s 已取消"),
    "order.expire": ("订单 %(number)s 逾期未付款，已关闭", "订单 %(number)s 逾期未付款，已关闭"),
    "order.refund": ("订单 %(number)s 已全额退款", "订单 %(number)s 已全额退款"),
    "refund.requested": ("订单 %(number)s 的退款申请已提交", "订单 %(number)s 有退款申请"),
    "refund.await_goods": ("订单 %(number)s：卖家同意退货退款", ""),
}


def _order(post: _Post, deal: Any) -> None:
    order = deal.order
    url, topic = reverse("trade:order", args=[order.number]), f"order:{order.pk}"
    for action, at in deal.told:
        to_buyer, to_seller = TOLD.get(action, ("", ""))
        if to_buyer:
            post.tell(at, order.buyer, "order", to_buyer, "", url, topic, number=order.number)
        if to_seller:
            for person in deal.stand.staff:
                post.tell(at, person, "sale", to_seller, "", url, topic, number=order.number)


def _applications(post: _Post, world: World) -> None:
    queue, topic = reverse("expo:queue", args=[world.edition.slug]), f"applications:{world.edition.pk}"  # fmt: skip
    subject, body = "有新的参展申请", "%(firm)s 申请参加%(edition)s。"
    for row in world.exhibitors.values():
        if row.state == ExhibitorState.SUBMITTED:
            names = {"firm": row.organisation.name, "edition": world.edition.name}
            reviewer = world.accounts["reviewer"]
            post.tell(
                row.submitted_at, reviewer, "application", subject, body, queue, topic, **names
            )
        if row.decided_at and row.state == ExhibitorState.APPROVED:
            words, next_ = "参展申请已通过", "接下来可以布置展位，上架展品。"
            url = reverse("expo:exhibit", args=[row.pk])
            post.tell(row.decided_at, row.contact, "application", words, next_, url, important=True)


def _products(post: _Post, world: World) -> None:
    url = reverse("catalogue:moderation", args=[world.edition.slug])
    for row in world.products.values():
        if row.state == ProductState.SUBMITTED:
            names = {"firm": row.organisation.name, "product": row.name}
            post.tell(
                row.submitted_at, world.accounts["moderator"], "product_queue",
                "有产品等待审核", "%(firm)s提交了《%(product)s》。", url,
                f"products:{world.edition.slug}", **names,
            )  # fmt: skip
