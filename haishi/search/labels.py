"""Words for facets and for values that the program itself knows: kinds, the five sides, prices."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from haishi.parties.states import Side
from haishi.search.index import Opened
from haishi.search.prices import BANDS
from haishi.search.types import OPEN_OFFER

FACET_NAMES: dict[str, Any] = {
    "kind": _("类型"),
    "edition": _("届次"),
    "hall": _("展馆"),
    "category": _("分类"),
    "brand": _("区域品牌"),
    "side": _("五方角色"),
    "city": _("城市"),
    "price": _("价格"),
    "offer": _("购买方式"),
}
_VALUES: dict[str, dict[str, Any]] = {
    "price": dict(BANDS),
    "side": {side.value: side.label for side in Side},
    "kind": {},
    "offer": {OPEN_OFFER: _("可直接购买")},
}


def name_values(facet: str, names: Mapping[str, Any]) -> None:
    """Teach the words of values that are written in the program, such as a module's kinds."""
    _VALUES.setdefault(facet, {}).update(names)


def labels(opened: Opened, facet: str, values: Iterable[str], english: bool) -> dict[str, str]:
    """The words for values in the reader's language; a value itself when it has none."""
    written, kept = _VALUES.get(facet, {}), opened.names.get(facet, {})
    found: dict[str, str] = {}
    for value in values:
        if value in written:
            found[value] = str(written[value])
        elif words := kept.get(value):
            found[value] = (english and words[1]) or words[0]
        else:
            found[value] = value
    return found
