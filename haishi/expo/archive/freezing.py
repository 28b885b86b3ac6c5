"""A page becomes a file: without the living frame, with links that lead to other files.

The pages are our own templates, in which every text is escaped; what is looked for here can stand
in no text. What a file cannot do (search, forms, filters) is left out; a link to something
that the archive does not hold becomes plain text, a button goes.
"""

import posixpath
import re
from collections.abc import Callable

from django.conf import settings
from django.utils.html import escape

# (address, its page) -> name of the file in the archive, "" when it holds nothing there.
Kept = Callable[[str, str], str]

_HEADER = re.compile(r'<header class="site-header">.*?</header>', re.DOTALL)
_DROPPED = re.compile(
    r'<footer class="site-footer">.*?</footer>|<script\b.*?</script>|<form\b.*?</form>'
    r"|<button\b.*?</button>|<template\b.*?</template>"
    r'|<nav class="filters".*?</nav>'
    r'|<link\b[^>]*\brel="(?:modulepreload|alternate|canonical)"[^>]*>'
    r'|<meta (?:property="og:(?:url|image)"|name="(?:htmx-config|csrf-token)")[^>]*>'
    r'|<div class="wrap flashes".*?</div>|<!--.*?-->',
    re.DOTALL,
)
_ATTRIBUTES = re.compile(
    r'\s(?:srcset|sizes|fetchpriority|crossorigin|data-seen|data-load|hx-[a-z-]+)="[^"]*"'
)
_FILM = re.compile(r"<video\b([^>]*)>.*?</video>", re.DOTALL)
_POSTER = re.compile(r'\sposter="([^"]*)"')
_SOURCE = re.compile(r"<source\b[^>]*>")
_FILM_SOURCE = re.compile(r'<source\b[^>]*?\ssrc="([^"]*)"')
_LABEL = re.compile(r'\saria-label="[^"]*"')
_ANCHOR = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.DOTALL)
_HREF = re.compile(r'\shref="([^"]*)"')
_BUTTON = re.compile(r'\sclass="[^"]*\bbtn\b|\sdownload\b')
_PICTURE = re.compile(r'<img\b[^>]*?\ssrc="([^"]*)"')
_FILE = re.compile(r'(<(?:img|link|hs-[a-z-]+)\b[^>]*?)\s(src|href)="([^"]*)"')
_EMPTY = re.compile(
    r'<div class="(?:action-bar|row only-wide|segmented)[^"]*">\s*</div>|<p class="row">\s*</p>'
)
# A link beside a heading or in a row of links says nothing once it leads nowhere.
_LEFT_OVER = re.compile(r"(</h2>)\s*<a(?![^>]*\shref=)[^>]*>[^<]*</a>")
_IN_A_ROW = re.compile(r" · <a(?![^>]*\shref=)[^>]*>[^<]*</a>")
# Without its filters a list takes the whole width.
_BESIDE_FILTERS = 'class="columns columns-filter"'


def freeze(page: str, name: str, address: str, bar: str, kept: Kept) -> str:
    """The text of the file `name` that holds `page`, which was found at `address`.

    `bar` stands where the site's header was. `kept` is asked for every link, picture and style.
    """
    folder = posixpath.dirname(name)

    def linked(raw: str) -> str:
        plain = raw.replace("&amp;", "&").removeprefix(settings.PUBLIC_URL)
        found = kept(plain, address)
        if not found:
            return ""
        mark = plain.partition("#")[2]
        return escape(posixpath.relpath(found, folder) + (f"#{mark}" if mark else ""))

    page = _HEADER.sub(lambda _match: bar, page, count=1)
    page = _FILM.sub(lambda match: _film(match, linked), _DROPPED.sub("", page))
    page = _ATTRIBUTES.sub("", _SOURCE.sub("", page))
    page = _ANCHOR.sub(lambda match: _anchor(match, linked), page)
    page = _FILE.sub(lambda match: _file(match, linked), page)
    page = _IN_A_ROW.sub("", _LEFT_OVER.sub(r"\1", page))
    return _EMPTY.sub("", page).replace(_BESIDE_FILTERS, "")


def _film(match: re.Match[str], linked: Callable[[str], str]) -> str:
    """A film whose file is kept plays with the browser's own means; else its poster stands."""
    poster, source = _POSTER.search(match[1]), _FILM_SOURCE.search(match[0])
    film = linked(source[1]) if source else ""
    if not film:
        return f'<img src="{poster[1]}" alt="" class="video">' if poster else ""
    still = f' poster="{linked(poster[1])}"' if poster else ""
    label = _LABEL.search(match[1])
    words = label[0] if label else ""
    return f'<video class="video" controls preload="none" src="{film}"{still}{words}></video>'


def _anchor(match: re.Match[str], linked: Callable[[str], str]) -> str:
    attributes, inside = match[1], match[2]
    href = _HREF.search(attributes)
    if href is None or _leads_out(href[1]):
        return match[0]
    found = linked(href[1])
    if not found and (shown := _PICTURE.search(inside)):  # a small picture opens the same picture
        found = linked(shown[1])
    if not found and _BUTTON.search(attributes):
        return ""
    replacement = f' href="{found}"' if found else ""
    return f"<a{_HREF.sub('', attributes)}{replacement}>{inside}</a>"


def _leads_out(address: str) -> bool:
    away = address.startswith(("#", "https:", "http:", "mailto:", "tel:"))
    return away and not address.startswith(f"{settings.PUBLIC_URL}/")


def _file(match: re.Match[str], linked: Callable[[str], str]) -> str:
    before, kind, raw = match[1], match[2], match[3]
    if raw.startswith("data:"):
        return match[0]
    found = linked(raw)
    return f'{before} {kind}="{found}"' if found else before


_TO = re.compile(r'<a\b([^>]*?)\shref="([^"#]*)(#[^"]*)?"')


def forget(text: str, name: str, missing: set[str]) -> str:
    """The frozen page `name` without links to pages that turned out not to exist."""
    folder = posixpath.dirname(name)

    def loose(match: re.Match[str]) -> str:
        leads_to = posixpath.normpath(posixpath.join(folder, match[2])) if match[2] else ""
        return f"<a{match[1]}" if leads_to in missing else match[0]

    return _TO.sub(loose, text)
