"""Who opens orders, cashiers and callbacks."""

import datetime as dt
from typing import Any

from haishi.expo.tests.factories import ShownExhibitorFactory
from haishi.foundation import clock
from haishi.foundation.money import Money
from haishi.foundation.tests.access import Row, World
from haishi.media.tests.factories import ready_asset
from haishi.trade import services
from haishi.trade.models import Order, Review
from haishi.trade.tests.access_money import ROWS as MONEY
from haishi.trade.tests.factories import (
    address,
    completed,
    file_order,
    open_link,
    order,
    pay,
    product,
    review,
    want,
)
from haishi.trade.types import Issued


def deal(world: World) -> dict[str, Any]:
    """An order of the stranger at the firm, not paid."""
    return {"number": order(world.stranger, want(product(world.firm))).number}


def shelf(world: World) -> dict[str, Any]:
    """The firm."""
    return {"org": world.firm.slug}


def cashier(world: World) -> dict[str, Any]:
    """A payment that was begun."""
    row = order(world.stranger, want(product(world.firm)))
    return {"reference": services.start(world.stranger, row.pk, "sandbox").reference}


def step(name: str) -> Any:
    """A step of an unpaid order."""
    return lambda world: {**deal(world), "action": name}


def paid_step(world: World) -> dict[str, Any]:
    """Sending what was paid."""
    row = order(world.stranger, want(product(world.firm)))
    pay(row)
    return {"number": row.number, "action": "ship"}


def wish(world: World) -> dict[str, Any]:
    """A refund that waits for the firm."""
    row = order(world.stranger, want(product(world.firm)))
    pay(row)
    refund = services.ask_refund(world.stranger, row.pk, 100, "")
    return {"number": row.number, "refund_id": refund.pk, "action": "agree"}


def put(world: World, **fields: Any) -> Any:
    """A line in the stranger's cart."""
    return services.put_in_cart(world.stranger, product(world.firm, **fields).pk, 1, key="k")


def offered(world: World) -> dict[str, Any]:
    """A product of the firm."""
    return {"slug": product(world.firm).slug}


def in_cart(world: World) -> dict[str, Any]:
    """A line of the stranger."""
    return {"line_id": put(world).pk}


def group(world: World) -> dict[str, Any]:
    """What the stranger is about to order."""
    put(world)
    return {"org": world.firm.slug, "kind": "goods", "currency": "CNY"}


def home(world: World) -> dict[str, Any]:
    """An address of the stranger."""
    return {"address_id": address(world.stranger).pk}


def table(form: str) -> Any:
    """A list as a file."""
    return lambda world: {"form": form}


def sold_table(world: World) -> dict[str, Any]:
    """The firm's sales as a file."""
    return {**shelf(world), "form": "xlsx"}


def own_product(world: World) -> dict[str, Any]:
    """A product of the firm, at its desk."""
    return {**shelf(world), "product_id": product(world.firm).pk}


def bought_files(world: World) -> dict[str, Any]:
    """Files that the stranger has paid."""
    return {"entitlement_id": file_order(world.firm, world.stranger).pk}


def link(world: World) -> dict[str, Any]:
    """The stranger's own link to a file."""
    return {"link": open_link(file_order(world.firm, world.stranger))}


def bought_line(world: World) -> dict[str, Any]:
    """A line of a completed order."""
    row = completed(world.firm, world.stranger)
    return {"number": row.number, "line_id": row.lines.get().pk}


def said(world: World) -> Any:
    """A review of the stranger."""
    return review(world.firm, world.stranger)


def to_answer(world: World) -> dict[str, Any]:
    """A review at the firm's desk."""
    return {**shelf(world), "review_id": said(world).pk}


def edition(world: World) -> dict[str, Any]:
    """An edition of the organiser to which the firm came."""
    row = ShownExhibitorFactory(organisation=world.firm, edition__series__organiser=world.organiser)
    return {"edition": row.edition.slug}


def to_judge(world: World) -> dict[str, Any]:
    """A review before the moderator."""
    return {**edition(world), "review_id": said(world).pk, "action": "hide"}


def wish_to_spend(world: World) -> dict[str, Any]:
    """The colleague wants to spend more than allowed."""
    services.set_limit(world.lin, world.firm.pk, "role:staff", "CNY", 1, None)
    until = clock.now() + dt.timedelta(days=1)
    row = services.ask_approval(
        world.zhou, world.firm.pk, Money(2), origin="award:1", title="样片", expires_at=until
    )
    return {"approval_id": row.pk}


def decision(name: str) -> Any:
    """An answer to it."""
    return lambda world: {**wish_to_spend(world), "action": name}


def paid_deal(world: World) -> dict[str, Any]:
    """An order of the stranger, paid."""
    row = order(world.stranger, want(product(world.firm)))
    pay(row)
    return {"number": row.number}


def sent_deal(world: World) -> dict[str, Any]:
    """An order of the stranger, on its way."""
    found = paid_deal(world)
    services.ship(world.lin, Order.objects.get(number=found["number"]).pk)
    return found


def to_place(world: World) -> dict[str, Any]:
    """An order to the stranger's address."""
    line = want(product(world.firm))
    wanted = {"product": line.product_id, "quantity": 1, "price_minor": line.price_minor}
    return {"lines": [wanted], "address": address(world.stranger).pk}


def bought(world: World) -> Any:
    """A paid order of the stranger at the firm, which shows at the organiser's edition."""
    edition = ShownExhibitorFactory(
        organisation=world.firm, edition__series__organiser=world.organiser
    ).edition
    row = order(world.stranger, want(product(world.firm)))
    pay(row)
    return edition, row


def paid(world: World) -> dict[str, Any]:
    """The same, by its number."""
    return {"number": bought(world)[1].number}


def claimed(world: World) -> Any:
    """The stranger claims some of it."""
    edition, row = bought(world)
    return edition, services.open_dispute(world.stranger, row.pk, "late", 100, "迟了")


def dispute(world: World) -> dict[str, Any]:
    """A dispute that the firm has not answered."""
    return {"number": claimed(world)[1].number}


def mediated(world: World) -> Any:
    """A dispute in which evidence is taken."""
    edition, row = claimed(world)
    services.offer(world.lin, row.pk, 0, "不同意")
    return edition, services.ask_mediation(world.stranger, row.pk)


def in_mediation(world: World) -> dict[str, Any]:
    """The same, by its number."""
    return {"number": mediated(world)[1].number}


def to_decide(world: World) -> dict[str, Any]:
    """The same, when evidence is taken no more."""
    row = mediated(world)[1]
    services.disputes_due(clock.now() + dt.timedelta(days=6))
    return {"number": row.number, "action": "decide"}


def dispute_step(name: str) -> Any:
    """A step of a dispute that the firm has not answered."""
    return lambda world: {**dispute(world), "action": name}


def to_invoice(world: World) -> Any:
    """The stranger asks for an invoice of a paid order."""
    row = order(world.stranger, want(product(world.firm)))
    pay(row)
    return services.request_invoice(
        world.stranger, row.pk, kind="plain", title_kind="person", title="外人",
        email="stranger@elsewhere.example", amount_minor=100,
    )  # fmt: skip


def invoice(world: World) -> dict[str, Any]:
    """The request by its number."""
    return {"number": to_invoice(world).number}


def invoiced(world: World) -> dict[str, Any]:
    """The same with an invoice that is issued."""
    row = to_invoice(world)
    file = ready_asset(world.firm, "document", private=True).pk
    values = Issued("12345678", clock.now().date(), 100, file, 600)
    one = services.issue_invoice(world.lin, row.pk, values)
    return {"number": row.number, "invoice_id": one.pk}


def red(world: World) -> dict[str, Any]:
    """A red invoice over all of it, its file chosen before."""
    file = ready_asset(world.firm, "document", private=True)
    today = clock.now().date().isoformat()
    return {
        "red-number": "12345679", "red-issued_on": today, "red-amount_minor": "1.00",
        "red-reason": "开票有误", "red-asset_id-token": file.token,
    }  # fmt: skip


ROWS = [
    #                     nobody 外人 周 林 陈 operator
    Row("trade:buy", "302 200 409 409 200 200", offered),
    Row("trade:buy", "302 302 409 409 302 302", offered, "post", lambda world: {"quantity": "1"}),
    Row("trade:cart", "302 200 200 200 200 200"),
    Row("trade:cart_line", "302", in_cart, "post", lambda world: {"do": "remove"}),
    Row("trade:checkout", "302 200 302 302 302 302", group),
    Row("trade:addresses", "302 200 200 200 200 200"),
    Row("trade:drop_address", "302 302 404 404 404 404", home, "post"),
    Row("trade:downloads", "302 200 200 200 200 200"),
    Row("trade:parcel", "302 200 404 404 404 404", bought_files),
    Row("trade:fetch", "404 200 404 404 404 404", link),
    Row("trade:bought_table", "302 200 200 200 200 200", table("csv")),
    Row("trade:sold_table", "302 404 200 200 404 200", sold_table),
    Row("trade:stock", "302 404 200 200 404 200", shelf),
    Row("trade:goods", "302 404 403 200 404 200", own_product),
    Row("trade:review", "302 200 404 404 404 404", bought_line),
    Row("trade:firm_reviews", "302 404 200 200 404 200", shelf),
    Row(
        "trade:answer_review",
        "302 404 403 302 404 302",
        to_answer,
        "post",
        lambda world: {f"r{Review.objects.get().pk}-answer": "谢谢"},
    ),
    Row("trade:moderation", "302 404 404 404 200 200", edition),
    Row(
        "trade:judge_review",
        "302 404 404 404 302 302",
        to_judge,
        "post",
        lambda world: {"reason": "广告"},
    ),
    Row("trade:bought", "302 200 200 200 200 200"),
    Row("trade:sold", "302 404 200 200 404 200", shelf),
    Row("trade:order", "302 200 200 200 404 200", deal),
    Row("trade:pay", "302 302 403 403 404 403", deal, "post"),
    Row("trade:step", "302 302 403 403 404 403", step("cancel"), "post"),
    Row("trade:step", "302 403 302 302 404 403", paid_step, "post"),
    Row("trade:answer", "302 403 403 302 404 302", wish, "post"),
    Row("trade:claim", "302 409 403 403 404 403", deal),
    Row("trade:claim", "302 200 403 403 404 403", paid),
    Row(
        "trade:claim",
        "302 302 403 403 404 403",
        paid,
        "post",
        body=lambda world: {"kind": "late", "amount_minor": "1.00", "reason": "迟了"},
    ),
    Row("trade:disputes", "302 200 200 200 200 200"),
    Row("trade:dispute", "302 200 200 200 404 200", dispute),
    Row("trade:dispute", "302 200 200 200 200 200", in_mediation),
    Row("trade:dispute_step", "302 302 403 302 404 403", dispute_step("accept"), "post"),
    Row("trade:dispute_step", "302 302 403 403 404 403", dispute_step("withdraw"), "post"),
    Row(
        "trade:dispute_step",
        "302 403 403 403 302 302",
        to_decide,
        "post",
        body=lambda world: {"decide-to_buyer_minor": "0.50", "decide-verdict": "各半"},
    ),
    Row(
        "trade:mediation",
        "302 404 404 404 200 200",
        lambda world: {"edition": mediated(world)[0].slug},
    ),
    Row("api:trade_disputes", "401 200 200 200 200 200"),
    Row("api:trade_dispute", "401 200 200 200 404 200", dispute),
    Row("api:trade_invoices", "401 200 200 200 200 200"),
    Row("api:trade_invoice", "401 200 200 200 404 200", invoice),
    Row("trade:invoices", "302 200 200 200 200 200"),
    Row("trade:firm_invoices", "302 404 200 200 404 200", shelf),
    Row("trade:invoice_ask", "302 200 403 403 404 403", deal),
    Row("trade:invoice", "302 200 200 200 404 200", invoice),
    Row("trade:invoice_paper", "302 200 200 200 404 200", invoice),
    Row(
        "trade:invoice_step",
        "302 302 403 403 404 403",
        lambda world: {**invoice(world), "action": "withdraw"},
        "post",
    ),
    Row(
        "trade:invoice_step",
        "302 403 403 302 404 302",
        lambda world: {**invoice(world), "action": "refuse"},
        "post",
        body=lambda world: {"refuse-reason": "税号有误"},
    ),
    Row("trade:invoice_red", "302 422 403 302 404 302", invoiced, "post", body=red),
    Row("trade:approvals", "302 200 200 200 200 200"),
    Row("trade:approval", "302 404 200 200 404 200", wish_to_spend),
    Row("trade:decide", "302 404 403 302 404 403", decision("approve"), "post"),
    Row("trade:decide", "302 404 302 403 404 403", decision("withdraw"), "post"),
    Row("trade:limits", "302 404 403 200 404 200", shelf),
    Row("trade:sandbox", "302 200 404 404 404 200", cashier),
    # The API.
    Row("api:trade_cart", "401 200 200 200 200 200"),
    Row("api:trade_orders", "401 200 200 200 200 200"),
    Row("api:trade_orders", "401 201 409 409 422 422", method="post", body=to_place, json=True),
    Row("api:trade_order", "401 200 200 200 404 200", deal),
    Row("api:trade_ship", "401 403 200 200 404 403", paid_deal, "post", json=True),
    Row("api:trade_receive", "401 200 403 403 404 403", sent_deal, "post", json=True),
    Row(
        "api:trade_refunds",
        "401 201 403 403 404 403",
        paid_deal,
        "post",
        lambda world: {"amount_minor": 100},
        json=True,
    ),
    # Signatures decide, not people.
    Row("trade:callback", "403", lambda world: {"provider": "sandbox"}, "post"),
    *MONEY,
]
