"""Tags every template may use without loading them: icons, small marks, addresses, initials."""

from __future__ import annotations

import pickle
import zlib
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.http import QueryDict
from django.template import Context
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from haishi.foundation.templatetags.icons import ICONS

register = template.Library()

# Kinds of tag and the icon each carries when none is named: colour is never the only sign.
TAG_ICONS = {
    "plain": "",
    "qing": "",
    "live": "",
    "soon": "clock",
    "honour": "star",
    "ok": "check",
    "danger": "warn",
    "info": "info",
}
# Where a digest may break: groups of this many digits.
GROUP = 8
HUES = ("qing", "jiang", "sha", "lan", "zi", "cao")


def _icon(name: str, label: str = "", size: str = "") -> str:
    try:
        strokes = ICONS[name]
    except KeyError:
        raise template.TemplateSyntaxError(f"no icon is called {name!r}") from None
    classes = f"icon icon-{size}" if size else "icon"
    meaning = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return f'<svg class="{classes}" viewBox="0 0 24 24" {meaning}>{strokes}</svg>'


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """``{% icon "calendar" %}``: decoration, hidden from screen readers unless `label` is given.

    `size` is empty (1.25 em) or ``large`` (24 px). Raises TemplateSyntaxError for an unknown name.
    """
    return mark_safe(_icon(name, label, size))  # noqa: S308 - strokes are ours, the label is escaped


@register.simple_tag
def tag(kind: str, text: object, icon: str = "") -> SafeString:
    """``{% tag "live" "直播中" %}``: a small mark with icon and words.

    Kinds: plain, qing, live, soon, honour, ok, danger, info. Live carries the breathing dot; an
    unknown kind is shown as plain, so that a new state of a record never breaks a page.
    """
    kind = kind if kind in TAG_ICONS else "plain"
    name = icon or TAG_ICONS[kind]
    mark = '<span class="live-dot"></span>' if kind == "live" else _icon(name) if name else ""
    return format_html(
        '<span class="tag tag-{}">{}{}</span>',
        kind,
        mark_safe(mark),  # noqa: S308 - built from our own strokes
        text,
    )


def hue(name: str) -> str:
    """The hue that always belongs to this name."""
    return HUES[zlib.crc32(name.encode()) % len(HUES)]


def initials(name: str) -> str:
    """One Chinese character (the last: 林海 → 海) or up to two Latin letters (Li Hai → LH)."""
    name = name.strip()
    if not name:
        return "·"
    words = name.split()
    if name[0].isascii():
        return "".join(word[0] for word in words[:2]).upper()
    return name[-1] if len(name) <= 4 else name[0]


@register.simple_tag
def avatar(name: object, image: str = "", size: str = "", shape: str = "") -> SafeString:
    """``{% avatar person.name %}``: picture, or initials on the hue of the name; never grey.

    `size` is small, empty (44 px) or large; `shape` is empty (round) or ``square``, which is for
    organisations. Decoration: the name itself must stand beside it.
    """
    text = str(name)
    extra = "".join(f" avatar-{word}" for word in (size, shape) if word)
    if image:
        return format_html(
            '<span class="avatar{}"><img src="{}" alt="" loading="lazy"></span>', extra, image
        )
    return format_html(
        '<span class="avatar{}" data-accent="{}" aria-hidden="true">{}</span>',
        extra,
        hue(text),
        initials(text),
    )


@register.simple_tag(takes_context=True)
def block_again(context: Context, name: str) -> SafeString:
    """``{% block_again "title" %}``: what the page put into a block, a second time."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks is not None else None
    return SafeString(block.nodelist.render(context).strip() if block is not None else "")


@register.simple_tag
def share_image(url: str = "") -> SafeString:
    """``{% share_image page.share_image %}``: the picture of whoever shares this page.

    An absolute address; without one, the card of the house (1200 × 630).
    """
    address = url or settings.PUBLIC_URL + static("share.png")
    return format_html('<meta property="og:image" content="{}">', address)


@register.simple_tag(takes_context=True)
def here(context: Context, **changes: Any) -> str:
    """``{% here page=2 %}``: this page's address with the given query values changed.

    None or "" removes a value. Any change but that of the page returns to the first page. Works
    without a request (an error page): then only the changes stand in the address.
    """
    request = context.get("request")
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    if "page" not in changes:
        query.pop("page", None)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    path = request.path if request is not None else ""
    text = query.urlencode()
    return f"{path}?{text}" if text else path or "?"


@lru_cache(maxsize=512)
def _engraved(name: str, _place: tuple[str, str], content: bytes) -> SafeString:
    return render_to_string(name, pickle.loads(content))  # noqa: S301  # our own bytes


@register.simple_tag
def engraved(name: str, **content: Any) -> SafeString:
    """``{% engraved "partials/mark.html" %}``: a partial that depends on the language alone.

    ``{% engraved "portal/parts/doors.html" doors=home.doors %}``: also on its content, plain values
    that can be pickled, and on the zone of times. The same content is rendered once per language
    and process; the partial sees nothing else, neither the request nor the page's context.
    """
    if settings.DEBUG:
        return render_to_string(name, content)
    place = (get_language() or "", timezone.get_current_timezone_name())
    return _engraved(name, place, pickle.dumps(content, pickle.HIGHEST_PROTOCOL))


@register.filter
def is_checkbox(field: Any) -> bool:
    """Whether a bound field is one box whose label stands beside it."""
    return getattr(field.field.widget, "input_type", "") == "checkbox" and not field.use_fieldset


@register.filter
def is_choice(field: Any) -> bool:
    """Whether a bound field is a list of radios or boxes."""
    return field.use_fieldset and hasattr(field.field.widget, "option_template_name")


@register.filter
def currency_sign(field: Any) -> str:
    """¥, €, … for a money field, else nothing."""
    signs = {"CNY": "¥", "USD": "US$", "EUR": "€", "HKD": "HK$", "JPY": "JP¥", "GBP": "£"}
    currency = getattr(field.field, "currency", "")
    return signs.get(currency, currency)


@register.filter
def page_range(paginator: Any, current: int) -> list[int | None]:
    """Page numbers to offer: first, last, two around the current; None where some are left out."""
    last = paginator.num_pages
    wanted = sorted({1, last, *range(max(1, current - 2), min(last, current + 2) + 1)})
    numbers: list[int | None] = []
    for number in wanted:
        if numbers and number - (numbers[-1] or 0) > 1:
            numbers.append(None)
        numbers.append(number)
    return numbers


@register.filter
def accent(number: int) -> str:
    """The name of one of the six hues, by turn: for rows of cards that nobody coloured."""
    return HUES[number % len(HUES)]


@register.filter
def first_control(field: Any) -> str:
    """The id of the control a message about this field leads to: a group's first box."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def digest(value: object) -> SafeString:
    """``{{ paper.sha256|digest }}``: a long hexadecimal number that may break between groups."""
    text = str(value)
    groups = ((text[n : n + GROUP],) for n in range(0, len(text), GROUP))
    return format_html_join(mark_safe("<wbr>"), "{}", groups)
