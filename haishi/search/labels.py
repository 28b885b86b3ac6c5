"""Words for facets and for values that the program itself knows: kinds, the five sides, prices."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from haishi.parties.states import Side
from haishi.search.index import Opened
from haishi.search.prices import BANDS

FACET_NAMES: dict[str, Any] = {
    "kind": _("类型"),
    "edition": _("届次"),
    "hall": _("展馆"),
    "category": _("分类"),
    "brand": _("区域品牌"),
    "side": _("五方角色"),
    "city": _("城市"),
    "price": _("价格"),
}
_VALUES: dict[str, dict[str, Any]] = {
    "price": dict(BANDS),
    "side": {side.value: side.label for side in Side},
    "kind": {},
}


def name_values(facet: str, names: Mapping[str, Any]) -> None:
    """Teach the words of values that are written in the program, such as a module's kinds."""
    _VALUES.setdefault(facet, {}).update(names)


def label(opened: Opened | None, facet: str, value: str, english: bool) -> str:
    """The word for a value in the reader's language; the value itself when it has none."""
    if (known := _VALUES.get(facet, {}).get(value)) is not None:
        return str(known)
    words = opened.names.get(facet, {}).get(value) if opened is not None else None
    return ((english and words[1]) or words[0]) if words else value
