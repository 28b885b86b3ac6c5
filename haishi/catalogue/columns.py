"""The table of products: one header for import and export, so that what goes out can come back."""

from haishi.catalogue.states import PriceMode, ProductKind
from haishi.foundation.bilingual import speaks_english

# (field, title, title in English), in the order of an export.
TITLES = (
    ("name", "名称", "Name"),
    ("name_en", "英文名称", "Name in English"),
    ("kind", "类型", "Kind"),
    ("category", "分类", "Category"),
    ("summary", "一句话介绍", "Summary"),
    ("summary_en", "英文一句话介绍", "Summary in English"),
    ("description", "详细介绍", "Description"),
    ("description_en", "英文详细介绍", "Description in English"),
    ("tags", "标签", "Tags"),
    ("tags_en", "英文标签", "Tags in English"),
    ("price_mode", "报价方式", "Pricing"),
    ("currency", "货币", "Currency"),
    ("price", "价格", "Price"),
    ("tiers", "阶梯价", "Price tiers"),
    ("unit", "计价单位", "Unit"),
    ("unit_en", "英文计价单位", "Unit in English"),
    ("minimum", "起订量", "Minimum"),
)
# The words of a table do not follow the reader's language: a file made in one is read in the other.
COLUMNS = {zh: field for field, zh, _en in TITLES} | {en: field for field, _zh, en in TITLES}
OPTIONAL = ("tags_en",)
_KINDS = (
    (ProductKind.GOODS, "实物商品", "Goods"),
    (ProductKind.FILE, "数字文件", "Digital file"),
    (ProductKind.SERVICE, "服务", "Service"),
    (ProductKind.LICENCE, "IP 授权", "IP licence"),
)
_MODES = (
    (PriceMode.FIXED, "标价", "Fixed"),
    (PriceMode.TIERS, "按量阶梯价", "Tiers"),
    (PriceMode.REQUEST, "面议", "On request"),
)
Words = tuple[tuple[str, str, str], ...]


def header() -> list[str]:
    """Titles in the reader's language."""
    return [en if speaks_english() else zh for _field, zh, en in TITLES]


def _read(words: Words) -> dict[str, str]:
    return {word.lower(): str(row[0]) for row in words for word in row}


def _write(words: Words, value: str) -> str:
    place = 2 if speaks_english() else 1
    return next(row[place] for row in words if row[0] == value)


KINDS, MODES = _read(_KINDS), _read(_MODES) | {"询价": str(PriceMode.REQUEST)}


def kind_word(kind: str) -> str:
    """The kind as a table says it in the reader's language."""
    return _write(_KINDS, kind)


def mode_word(mode: str) -> str:
    """The way of pricing as a table says it in the reader's language."""
    return _write(_MODES, mode)
