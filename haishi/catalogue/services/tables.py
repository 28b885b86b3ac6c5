"""Products from a table: every bad line is named, and then nothing is imported."""

import re
from typing import Any

from django.utils.translation import gettext as _

from haishi.catalogue import selectors
from haishi.catalogue.columns import COLUMNS, KINDS, MODES, OPTIONAL
from haishi.catalogue.errors import PriceMissing, PriceTiersWrong
from haishi.catalogue.models import Product
from haishi.catalogue.services.products import create, price_of
from haishi.catalogue.states import PriceMode, ProductKind
from haishi.catalogue.types import MAX_TAG, MAX_TAG_EN, MAX_TAGS
from haishi.foundation.errors import Invalid
from haishi.foundation.money import EXPONENTS, Money
from haishi.foundation.service import service
from haishi.foundation.sheets import check_rows, read_rows
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties

TEXTS = (
    "name",
    "name_en",
    "summary",
    "summary_en",
    "description",
    "description_en",
    "unit",
    "unit_en",
)
MAX_FEN = 10**14
_BREAK = re.compile(r"[,，、;；\n]+")


@service
def import_products(actor: Actor, organisation_id: int, content: bytes) -> int:
    """Drafts from a CSV or XLSX file, all lines or none; returns how many.

    Raises NotFound, Forbidden, Invalid for a file that is no table, BadSheet with all bad lines.
    """
    parties.lock_managed(actor, organisation_id)
    reader = _Reader()
    for fields in check_rows(read_rows(content, COLUMNS, OPTIONAL), reader.parse):
        create(actor, organisation_id, **fields)
    return reader.count


class _Reader:
    """Checks the lines against the category tree, read once for all lines."""

    def __init__(self) -> None:
        self.count = 0
        self.categories: dict[str, int] = {}
        for top, children in selectors.categories():
            for row in [*children] or [top]:
                for key in (row.slug, row.name, row.name_en):
                    self.categories.setdefault(key.lower(), row.pk)

    def parse(self, row: dict[str, str]) -> dict[str, Any]:
        """The arguments of `create`. Raises Invalid with what is wrong with the line."""
        fields: dict[str, Any] = {name: _text(row, name) for name in TEXTS}
        if not fields["name"]:
            raise Invalid(_("缺少名称"))
        category = self.categories.get(row.get("category", "").lower())
        if category is None:
            raise Invalid(_("没有这个分类：%(value)s"), value=row.get("category", ""))
        mode = _choice(row, "price_mode", MODES, PriceMode.REQUEST)
        currency = row.get("currency", "").upper() or "CNY"
        if currency not in EXPONENTS:
            raise Invalid(_("不支持的货币：%(currency)s"), currency=currency)
        tiers = _tiers(row.get("tiers", ""), currency) if mode == PriceMode.TIERS else []
        typed = row.get("price", "")
        price = _amount(typed, currency) if mode == PriceMode.FIXED and typed else None
        try:
            price_of(mode, price, tiers)
        except (PriceMissing, PriceTiersWrong) as error:
            raise Invalid(str(error)) from None
        self.count += 1
        return fields | {
            "kind": _choice(row, "kind", KINDS, ProductKind.GOODS),
            "category_id": category,
            "tags": _tags(row.get("tags", ""), MAX_TAG),
            "tags_en": _tags(row.get("tags_en", ""), MAX_TAG_EN),
            "price_mode": mode,
            "currency": currency,
            "price_minor": price,
            "tiers": tiers,
            "minimum": _number(row.get("minimum", "") or "1"),
        }


def _text(row: dict[str, str], name: str) -> str:
    text = row.get(name, "")
    field: Any = Product._meta.get_field(name)
    if len(text) > field.max_length:
        raise Invalid(
            _("%(name)s超过 %(limit)d 字"), name=field.verbose_name, limit=field.max_length
        )
    return text


def _choice(row: dict[str, str], name: str, words: dict[str, str], default: str) -> str:
    text = row.get(name, "")
    if not text:
        return default
    if text.lower() not in words:
        raise Invalid(_("无法识别“%(value)s”"), value=text)
    return words[text.lower()]


def _amount(text: str, currency: str) -> int:
    minor = Money.parse(text.lstrip("¥$€£ "), currency).minor
    if not 0 <= minor <= MAX_FEN:
        raise Invalid(_("金额超出可接受的范围。"))
    return minor


def _tiers(text: str, currency: str) -> list[tuple[int, int]]:
    """`100:38.00; 500:32.50`."""
    pairs = [
        part.replace("：", ":").split(":") for part in re.split(r"[;；\n]+", text) if part.strip()
    ]
    if any(len(pair) != 2 for pair in pairs):
        raise Invalid(_("阶梯价要写成“100:38.00; 500:32.50”"))
    return [
        (_number(minimum.strip()), _amount(price.strip(), currency)) for minimum, price in pairs
    ]


def _number(text: str) -> int:
    digits = text.replace(",", "").removesuffix(".0")
    if not (digits.isascii() and digits.isdigit() and 0 < int(digits[:12]) <= 10**9):
        raise Invalid(_("“%(value)s”不是有效的数量"), value=text)
    return int(digits)


def _tags(text: str, longest: int) -> list[str]:
    words = list(dict.fromkeys(word.strip() for word in _BREAK.split(text) if word.strip()))
    if len(words) > MAX_TAGS or any(len(word) > longest for word in words):
        raise Invalid(_("最多八个标签，每个不超过 %(limit)d 字。"), limit=longest)
    return words
