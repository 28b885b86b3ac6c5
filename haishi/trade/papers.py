"""What trade prints: the request for an invoice (开票申请单), for the seller's bookkeeping."""

from typing import Any

from django.utils import translation

from haishi.foundation.bilingual import Bilingual
from haishi.foundation.papers import Facts, Heading, Paper, Paragraph, Table, compose


def _both(choice: Any) -> Bilingual:
    """A label in Chinese and English."""
    with translation.override("en"):
        english = str(choice.label)
    with translation.override("zh-hans"):
        return Bilingual(str(choice.label), english)


def invoice_request(row: Any, kind: Any, lines: list[Any]) -> bytes:
    """A request with its order's lines as a PDF in both languages. Raises FontMissing."""
    order = row.order
    paper = Paper(
        number=row.number,
        title=Bilingual("开票申请单", "Request for an invoice"),
        blocks=(
            Facts(
                (
                    (Bilingual("发票类型", "Kind"), _both(kind)),
                    (Bilingual("抬头", "Made out to"), row.title),
                    (Bilingual("税号", "Tax number"), row.tax_number or "—"),
                    (Bilingual("收票邮箱", "Send to"), row.email),
                    (Bilingual("开票金额（含税）", "Amount, tax included"), str(row.amount)),
                    (Bilingual("开票方", "Issued by"), order.seller.name),
                    (Bilingual("订单", "Order"), order.number),
                )
            ),
            Heading(Bilingual("订单明细", "Lines of the order")),
            Table(
                (
                    Bilingual("名称", "Name"),
                    Bilingual("数量", "Quantity"),
                    Bilingual("单价", "Price"),
                ),
                tuple((line.name, str(line.quantity), str(line.price)) for line in lines),
                shares=(6, 2, 3),
                numbers=(1, 2),
            ),
            Paragraph(
                Bilingual(
                    "本单由买家在平台提交，不是发票；发票以税务系统开具的为准。",
                    "Handed in by the buyer. This is no invoice: only the tax system issues one.",
                ),
                small=True,
            ),
        ),
    )
    return compose(paper).pdf
