"""Alipay's business bill (业务明细, signcustomer): CSV in GBK, lines of `#` before and after.

Source: opendocs.alipay.com, alipay.data.dataservice.bill.downloadurl.query, bill_type trade.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from haishi.trade.errors import StatementUnreadable
from haishi.trade.statements.row import Row, Troubles, columns, lines_of
from haishi.trade.states import RowKind

WANTED = ("商户订单号", "业务类型", "完成时间", "订单金额（元）", "退款批次号/请求号")
KINDS = {"交易": RowKind.PAYMENT, "退款": RowKind.REFUND, "分账": RowKind.PAYOUT}


def read(content: bytes) -> list[Row]:
    """Payments, refunds and parts handed out. Raises StatementUnreadable."""
    cells = lines_of(content, "gbk", "utf-8-sig")
    start = next((n for n, row in enumerate(cells) if "商户订单号" in row), None)
    if start is None:
        raise StatementUnreadable(why=_("没有支付宝账单的表头"))
    at = columns(cells[start], WANTED)
    troubles = Troubles()

    def found() -> Iterator[Row]:
        for line, row in enumerate(cells[start + 1 :], start + 2):
            if not row or row[0].startswith("#") or len(row) <= max(at.values()):
                continue
            kind = KINDS.get(row[at["业务类型"]])
            if kind is None:
                troubles.say(line, row[at["业务类型"]])
                continue
            name = "商户订单号" if kind == RowKind.PAYMENT else "退款批次号/请求号"
            amount = troubles.money(line, row[at["订单金额（元）"]])
            day = troubles.day(line, row[at["完成时间"]])
            yield Row(kind.value, row[at[name]], amount, day, line)

    return troubles.rows(found())
