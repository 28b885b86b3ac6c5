"""`haishi audit deal ID`: every figure of a deal rebuilt from the audit chain, and compared.

ID is the number of an order, or of what orders stand behind: a contract, a licence, a request for
quotation, a launch, a payment, a refund, a dispute.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from haishi.config.opening import database

HEAD = ("项目 / figure", "审计链 / audit", "数据表 / tables", "账本 / ledger")


def audit_deals(numbers: Sequence[str], *, as_json: bool = False) -> int:
    """Print the figures; 0 when nothing differs, 1 when something does, 2 for an unknown number.

    Of several deals the worst answer counts.
    """
    with database():
        import django

        django.setup()
        return max(report(number, as_json=as_json) for number in numbers)


def report(number: str, *, as_json: bool = False) -> int:
    """The same inside a running Django, for one number and all orders behind it."""
    from haishi.foundation import audit
    from haishi.foundation.errors import NotFound
    from haishi.trade.selectors import orders_behind

    while audit.seal():  # what was done a moment ago is part of the chain, too
        pass
    try:
        orders = orders_behind(number)
    except NotFound:
        print(UNKNOWN.format(number=number), file=sys.stderr)
        return 2
    if not orders:
        print(NONE_YET.format(number=number), file=sys.stderr)
        return 0
    if orders != [number] and not as_json:
        print(f"{number}: {len(orders)} 张订单 / orders")
    return max(_one(order, as_json=as_json) for order in orders)


UNKNOWN = (
    "审计链里没有 {number}。可以是订单、合同、授权、支付、退款或争议的编号，询价单或新品的地址 / "
    "the audit chain knows no {number}: give the number of an order, contract, licence, payment, "
    "refund or dispute, or the address of a request or launch"
)
NONE_YET = "{number} 还没有订单 / no order stands behind {number} yet"


def _one(number: str, *, as_json: bool) -> int:
    from haishi.trade.selectors import rebuild_deal

    deal = rebuild_deal(number)
    if not as_json:
        print(f"\n{number}")
    print(json.dumps(_plain(deal), ensure_ascii=False) if as_json else _table(deal))
    return 0 if deal.ok else 1


def _plain(deal: Any) -> dict[str, Any]:
    return {
        "number": deal.number,
        "ok": deal.ok,
        "links": deal.links,
        "bad_link": deal.bad_link,
        "unsealed": deal.unsealed,
        "figures": [
            {
                "name": figure.name,
                "ok": figure.ok,
                **{source: getattr(figure, source) for source in figure.asked},
            }
            for figure in deal.figures
        ],
    }


def _table(deal: Any) -> str:
    rows = [HEAD]
    for figure in deal.figures:
        said = [
            _said(getattr(figure, source)) if source in figure.asked else "·"
            for source in ("audit", "tables", "ledger")
        ]
        rows.append((f"{'✓' if figure.ok else '✗'} {figure.name}", said[0], said[1], said[2]))
    widths = [max(_width(row[column]) for row in rows) for column in range(4)]
    lines = ["  ".join(_pad(cell, widths[n]) for n, cell in enumerate(row)) for row in rows]
    return "\n".join([*lines, "", _verdict(deal)])


def _verdict(deal: Any) -> str:
    wrong = [figure.name for figure in deal.figures if not figure.ok]
    parts = []
    if deal.bad_link is not None:
        parts.append(f"✗ 审计链在第 {deal.bad_link} 环断开 / chain breaks at link {deal.bad_link}")
    else:
        parts.append(f"✓ 审计链 {deal.links} 环完好 / {deal.links} links of the chain hold")
    if deal.unsealed:
        parts.append(f"✗ {deal.unsealed} 条未封存 / entries without a seal")
    if wrong:
        parts.append(f"✗ 不一致 / differs: {', '.join(wrong)}")
    else:
        parts.append(f"✓ {len(deal.figures)} 项全部一致 / figures agree")
    return "\n".join(parts)


def _said(value: Any) -> str:
    if value is None:
        return "—"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else str(value)


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if ord(char) > 0x2E80 else 1 for char in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
