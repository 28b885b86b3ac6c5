"""Disputes in every state, invoices and spending limits among the orders of the demo.

Made by the services, after the load's own transaction and once: where there is a dispute already,
nothing is added. Words and amounts are the same every time; numbers and moments are those of the
load.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from haishi.config.demo.load.deals import _boss
from haishi.foundation import clock
from haishi.foundation.bilingual import Bilingual as Both
from haishi.foundation.money import Money
from haishi.foundation.papers import Facts, Paper, compose
from haishi.media import services as media
from haishi.parties import selectors as parties
from haishi.parties.models import Membership, Organisation, OrganiserDuty
from haishi.trade import selectors, services
from haishi.trade.models import Dispute, InvoiceRequest, Order, Refund
from haishi.trade.services import mediation
from haishi.trade.states import HELD, UNANSWERED
from haishi.trade.types import Issued

# (what is wrong, hundredths of what is held, how far it goes, what the buyer says)
CLAIMS = (
    ("damaged", 40, "open", "外箱压扁，打开后一件釉面开裂，照片里能看清裂纹的走向。"),
    ("different", 30, "offered", "颜色与展品页差得太多，页上写的是天青，到手偏灰。"),
    ("incomplete", 50, "refused", "少了一套说明书和支架，装不起来。"),
    ("late", 20, "evidence", "约好开幕前到，晚了六天，已经错过布展。"),
    ("flawed", 60, "deciding", "骨架接口松动，飞不到三米就散，换过一次还是一样。"),
    ("damaged", 25, "agreed", "边角磕碰，不影响使用，希望补偿一部分。"),
    ("different", 70, "decided", "收到的是小号，订单写的是大号。"),
    ("other", 35, "withdrawn", "重复下单了一份。"),
)
OFFER = "发货前逐件拍过照，愿意承担一半。"
REFUSAL = "出库检查完好，物流记录没有异常，请提供开箱视频。"
VERDICT = "商品与约定不符属实，但买家已使用部分；按责任分担。"


def quarrel() -> None:
    """Make what is not there yet."""
    if Dispute.objects.exists():
        return
    for order, claim in zip(_held(), CLAIMS, strict=False):
        _dispute(order, *claim)
    _invoices()
    _limits()


def _held() -> list[Order]:
    """Orders whose money is held and about which nobody waits, the oldest first."""
    busy = Refund.objects.filter(state__in=UNANSWERED).values("payment__order")
    rows = Order.objects.filter(state__in=HELD, origin="").exclude(pk__in=busy)
    return list(rows.select_related("buyer", "seller").order_by("pk")[: len(CLAIMS)])


def _dispute(order: Order, kind: str, share: int, reach: str, words: str) -> None:
    buyer, seller = order.buyer, _boss(order.seller)
    wanted = max(2, selectors.held(order).minor * share // 100)
    row = services.open_dispute(buyer, order.pk, kind, wanted, words)
    if reach == "open":
        return
    if reach == "withdrawn":
        services.withdraw_dispute(buyer, row.pk)
        return
    if reach == "agreed":
        services.offer(seller, row.pk, wanted // 2, OFFER)
        services.accept_offer(buyer, row.pk)
        return
    services.offer(seller, row.pk, wanted // 2 if reach == "offered" else 0, REFUSAL)
    if reach in ("offered", "refused"):
        return
    services.ask_mediation(buyer, row.pk, "双方说法不一，请主办方看证据。")
    if reach == "evidence":
        return
    row.refresh_from_db()
    if row.due_at is not None:
        mediation._overdue(row.pk, row.due_at)
    mediator = _mediator(row)
    if reach == "decided" and mediator is not None:
        services.decide_dispute(mediator, row.pk, wanted * 2 // 3, VERDICT)


def _mediator(row: Dispute) -> Any:
    """A reviewer of the organiser; nobody where operators have to decide."""
    duties = OrganiserDuty.objects.filter(organisation=row.organiser_id, duty="reviewer")
    found = duties.select_related("person").order_by("pk").first()
    return found.person if found else None


def _invoices() -> None:
    """Asked for; issued; issued and taken back in part."""
    orders = Order.objects.filter(state="completed", currency="CNY", origin="")
    for number, order in enumerate(orders.select_related("buyer", "seller").order_by("pk")[:4]):
        most = selectors.invoiceable(order)
        if not most.minor or InvoiceRequest.objects.filter(order=order).exists():
            continue
        row = services.request_invoice(
            order.buyer, order.pk, kind="plain", title_kind="person", title=order.buyer.name,
            email=order.buyer.email, amount_minor=most.minor,
        )  # fmt: skip
        if number == 0:
            continue
        boss = _boss(order.seller)
        blue = services.issue_invoice(boss, row.pk, _issued(boss, order, number * 2, most.minor))
        if number == 3:
            red = _issued(boss, order, number * 2 + 1, max(1, most.minor // 5))
            services.issue_red(boss, blue.pk, red, "销售折让")


def _issued(boss: Any, order: Order, place: int, amount: int) -> Issued:
    """An invoice of the demo's own making: its paper says that it is none."""
    number = f"2637200000{place:010d}"
    facts = Facts(
        ((Both("订单", "Order"), order.number), (Both("开票方", "Issued by"), order.seller.name))
    )
    paper = Paper(number, Both("演示发票（无效）", "Sample invoice (void)"), (facts,))
    content, name = compose(paper).pdf, f"{number}.pdf"
    asset = media.import_generated(boss, order.seller_id, content, name=name, purpose="sealed")
    return Issued(number, clock.now().date(), amount, asset.pk, 1300)


def _limits() -> None:
    """The firm of the demo account limits its people; a manager has more."""
    boss = parties.person_by_email("exhibitor@haishi.example")
    if boss is None:
        return
    own = Membership.objects.filter(person=boss, role="owner").order_by("pk").first()
    firm = own and Organisation.objects.get(pk=own.organisation_id)
    if firm is None:
        return
    services.set_limit(boss, firm.pk, "role:staff", "CNY", 200_000, 1_000_000)
    services.set_limit(boss, firm.pk, "role:manager", "CNY", 2_000_000, None)
    staff = Membership.objects.filter(organisation=firm.pk, role="staff").order_by("pk").first()
    if staff is None:
        return
    until = clock.now() + dt.timedelta(days=3)
    for number, (title, yuan) in enumerate((("展台灯光租赁", 3_600), ("海外运输保险", 8_800))):
        money = Money(yuan * 100, "CNY")
        person = parties.get_person(staff.person_id)
        services.ask_approval(
            person, firm.pk, money, origin=f"demo:{number}", title=title, expires_at=until
        )
