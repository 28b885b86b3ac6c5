"""Tags for files: pictures with their sources, players, attachment lists. `{% load media %}`."""

from __future__ import annotations

from html import escape  # plain strings only: Django's takes four times as long
from typing import Any

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from haishi.foundation.templatetags.haishi import share_image
from haishi.media import selectors
from haishi.media.types import FORMATS, Attachment, Picture

register = template.Library()


@register.simple_tag
def picture(pic: Picture | None, **options: Any) -> SafeString:
    """`{% picture pic sizes="(min-width: 640px) 33vw, 100vw" class="…" %}`: a `<picture>`.

    Offers only formats that exist. Options: `sizes` (default 100vw), `class`, `alt` (instead of the
    picture's own; "" for decoration), `eager=True` for the picture people see first. Without a
    picture: an empty well of the same class, so that a card keeps its shape.
    """
    kind = escape(options.get("class", ""))
    if not pic:
        return mark_safe(f'<span class="picture-none {kind}" aria-hidden="true"></span>')  # noqa: S308 - escaped
    sizes = escape(options.get("sizes", "100vw"))
    sources = "".join(
        f'<source type="{FORMATS[form]}" srcset="{pic.srcset(form)}" sizes="{sizes}">'
        for form in ("avif", "webp")
        if form in pic.renditions
    )
    haste = 'fetchpriority="high"' if options.get("eager") else 'loading="lazy" decoding="async"'
    style = f' class="{kind}"' if kind else ""
    color = f' data-color="{pic.color}"' if pic.color else ""
    alt = escape(str(options.get("alt", pic.alt)))
    return mark_safe(  # noqa: S308 - addresses are ours; texts are escaped
        f'<picture>{sources}<img src="{pic.src}" srcset="{pic.srcset("jpg")}" sizes="{sizes}"'
        f' width="{pic.width}" height="{pic.height}" alt="{alt}" {haste}{style}{color}></picture>'
    )


@register.simple_tag
def player(film: Attachment | None, **options: Any) -> SafeString:
    """`{% player film class="…" %}`: a video with its poster; loads nothing before it is played."""
    if not film:
        return mark_safe("")
    kind = escape(options.get("class", ""))
    poster = size = ""
    if film.picture is not None:
        poster = f' poster="{film.picture.url(1280)}"'
        size = f' width="{film.picture.width}" height="{film.picture.height}"'
    label = escape(str(film.alt) or film.name)
    return mark_safe(  # noqa: S308 - addresses are ours; texts are escaped
        f'<video controls preload="none" playsinline{poster}{size} class="{kind}"'
        f' aria-label="{label}"><source src="{film.url}" type="{escape(film.content_type)}">'
        "</video>"
    )


@register.simple_tag
def share_asset(asset_id: int | str | None) -> SafeString:
    """`{% share_asset edition.cover_asset_id %}`: a public picture for whoever shares this page.

    One query; without a picture (or an edition at all), the card of the house.
    """
    found = selectors.pictures([int(asset_id)]).get(int(asset_id)) if asset_id else None
    return share_image(settings.PUBLIC_URL + found.url(1280) if found else "")


@register.inclusion_tag("media/attachments.html")
def attachments(rows: Any) -> dict[str, Any]:
    """`{% attachments documents %}`: a list to download, with type, size and pages."""
    return {"rows": list(rows)}
