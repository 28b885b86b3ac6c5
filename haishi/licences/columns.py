"""Sales as a table: what its columns are called, and how a line is read."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from haishi.foundation.errors import Invalid
from haishi.foundation.money import EXPONENTS, Money
from haishi.foundation.sheets import check_rows, read_rows
from haishi.licences import royalties
from haishi.licences.errors import ChannelUnknown, GoodUnknown, NotApproved
from haishi.licences.models import Licence
from haishi.licences.selectors import approved_goods
from haishi.licences.states import Channel, Stage
from haishi.licences.territories import TERRITORIES
from haishi.licences.types import Sale

# field: (Chinese, English)
TITLES = {
    "good": ("授权商品", "Product"),
    "channel": ("渠道", "Channel"),
    "territory": ("地域", "Territory"),
    "units": ("数量", "Units"),
    "amount": ("金额", "Amount"),
    "currency": ("货币", "Currency"),
    "rate": ("汇率", "Exchange rate"),
}
COLUMNS = {title: field for field, pair in TITLES.items() for title in pair}


def header() -> list[str]:
    """The columns of the template."""
    return [zh for zh, _en in TITLES.values()]


def template(licence: Licence) -> list[list[Any]]:
    """A line for each product and channel, to be filled in."""
    return [
        [good.name, Channel(channel).label, licence.territories[0], 0, 0, licence.currency, 1]
        for good in licence.goods.order_by("pk")
        for channel in licence.rates
    ]


def read(licence: Licence, content: bytes) -> list[Sale]:
    """Lines of a file, all or none. Raises Invalid (no table), BadSheet with every bad line."""
    goods = {good.name: good for good in licence.goods.all()}
    cleared = approved_goods(licence) if Stage.PRODUCTION in licence.stages else None
    channels = {str(word): value for value, word in Channel.choices} | {
        value: value for value in Channel.values
    }

    def parse(row: dict[str, str]) -> Sale | None:
        return _line(licence, row, goods, cleared, channels)

    found: Sequence[Sale | None] = check_rows(read_rows(content, COLUMNS), parse)
    return [sale for sale in found if sale is not None]


def _line(
    licence: Licence,
    row: dict[str, str],
    goods: Mapping[str, Any],
    cleared: set[int] | None,
    channels: Mapping[str, str],
) -> Sale | None:
    good = goods.get(row["good"])
    if good is None:
        raise GoodUnknown(name=row["good"])
    units = _whole(row["units"])
    currency = row.get("currency") or licence.currency
    if currency not in EXPONENTS:
        raise Invalid(_("不支持的货币：%(currency)s"), currency=currency)
    amount = Money.parse(row["amount"] or "0", currency)
    if amount.minor < 0:
        raise Invalid(_("金额不能为负；更正请另交一份报告。"))
    if not units and not amount.minor:
        return None
    if cleared is not None and good.pk not in cleared:
        raise NotApproved(name=good.name)
    channel = channels.get(row["channel"])
    if channel is None or channel not in licence.rates:
        raise ChannelUnknown(channel=row["channel"])
    territory = row.get("territory") or licence.territories[0]
    if territory not in TERRITORIES:
        raise Invalid(_("没有这个地域代码：%(code)s"), code=territory)
    sale = Sale(good.pk, channel, units, amount.minor, currency, row.get("rate") or "1", territory)
    royalties.worth(sale, licence.currency)
    return sale


def _whole(text: str) -> int:
    number = text.strip().removesuffix(".0") or "0"
    if not (number.isascii() and number.isdigit()) or len(number) > 9:
        raise Invalid(_("数量须是整数。"))
    return int(number)
