"""WeChat Pay's trade bill (tradebill, ALL): CSV in UTF-8, a backtick before each value.

A refund is a row of its own with the refund's number; the last two rows are sums. Source:
pay.weixin.qq.com/doc/v3, 申请交易账单.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from haishi.trade.errors import StatementUnreadable
from haishi.trade.statements.row import Row, Troubles, columns, lines_of
from haishi.trade.states import RowKind

WANTED = (
    "交易时间", "商户订单号", "交易状态", "货币种类", "应结订单金额", "商户退款单号", "退款金额",
)  # fmt: skip


def read(content: bytes) -> list[Row]:
    """Payments and refunds. Raises StatementUnreadable."""
    cells = lines_of(content, "utf-8-sig", "gbk")
    if not cells or "商户订单号" not in cells[0]:
        raise StatementUnreadable(why=_("没有微信支付账单的表头"))
    at = columns(cells[0], WANTED)
    troubles = Troubles()

    def found() -> Iterator[Row]:
        for line, row in enumerate(cells[1:], 2):
            if row[:1] == ["总交易单数"]:
                return
            if len(row) <= max(at.values()):
                continue
            day = troubles.day(line, row[at["交易时间"]])
            currency = row[at["货币种类"]] or "CNY"
            state = row[at["交易状态"]]
            if state == "SUCCESS":
                amount = troubles.money(line, row[at["应结订单金额"]], currency)
                yield Row(RowKind.PAYMENT.value, row[at["商户订单号"]], amount, day, line)
            elif state == "REFUND":
                amount = troubles.money(line, row[at["退款金额"]], currency)
                yield Row(RowKind.REFUND.value, row[at["商户退款单号"]], amount, day, line)
            elif state != "REVOKED":
                troubles.say(line, state)

    return troubles.rows(found())
