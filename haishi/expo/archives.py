"""The frozen archive of an edition: plain files that outlive the platform.

`HAISHI_HOME/archive/<edition>/` holds the public pages as a stranger saw them, in both languages,
with their styles, pictures and documents, linked relatively; `manifest.json` names the SHA-256 of
every file. Nothing outside the manifest is ever served.
"""

import hashlib
import io
import json
import posixpath
import re
import shutil
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import default_storage
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404, HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.html import escape

from haishi.foundation import clock
from haishi.foundation.errors import NotFound
from haishi.media import selectors as media

LANGUAGES = {"zh": "zh-hans", "en": "en"}
PAGES = {
    "portal:edition", "portal:halls", "portal:hall", "portal:booth", "expo:programme",
    "expo:session", "expo:speakers", "expo:public_announcements",
}  # fmt: skip
KEPT_QUERY = {"page", "day"}
_FRAME = re.compile(
    r'<header class="site-header">.*?</header>|<footer class="site-footer">.*?</footer>'
    r'|<a class="skip-link".*?</a>|<script\b.*?</script>|<form\b.*?</form>'
    r'|<link rel="(?:modulepreload|alternate|canonical)"[^>]*>|<source\b[^>]*srcset=[^>]*>',
    re.DOTALL,
)
_SRCSET = re.compile(r'\s(?:srcset|sizes)="[^"]*"')
_LINK = re.compile(r'\s(href|src|poster)="(/[^"]*)"')
_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)['\"]?\s*\)")
_extra: list[Callable[[Any], list[str]]] = []


def register_archive_pages(addresses: Callable[[Any], list[str]]) -> None:
    """Let a higher module add addresses of public pages to the archive of an edition."""
    _extra.append(addresses)


def folder(slug: str) -> Path:
    """Where the archive of an edition lies."""
    return Path(settings.HAISHI_HOME) / "archive" / slug


def manifest(slug: str) -> dict[str, Any]:
    """What the archive holds. Raises NotFound before it is complete."""
    try:
        found: dict[str, Any] = json.loads((folder(slug) / "manifest.json").read_text("utf-8"))
    except FileNotFoundError:
        raise NotFound from None
    return found


def archived_file(slug: str, name: str) -> Path:
    """A file that the manifest names; any other name does not exist. Raises NotFound."""
    if name not in manifest(slug)["files"]:
        raise NotFound
    return folder(slug) / name


def damaged(slug: str) -> list[str]:
    """Names of files that are missing or differ from the manifest."""
    return [
        name
        for name, known in manifest(slug)["files"].items()
        if not (folder(slug) / name).is_file() or _digest(folder(slug) / name) != known
    ]


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def build(edition: Any) -> Path:
    """Write the archive of a closed edition; a complete one is left as it is."""
    target = folder(edition.slug)
    if (target / "manifest.json").exists():
        return target
    partial = target.with_name(f".{edition.slug}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for short in LANGUAGES:
        _Writer(edition, partial, short).write()
    (partial / "index.html").write_text(_front(edition), "utf-8")
    names = sorted(p.relative_to(partial).as_posix() for p in partial.rglob("*") if p.is_file())
    content = {
        "edition": edition.slug,
        "name": edition.name,
        "made_at": clock.now().isoformat(),
        "files": {name: _digest(partial / name) for name in names},
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (partial / "manifest.json").write_text(text, "utf-8")
    partial.replace(target)
    return target


def _front(edition: Any) -> str:
    zh, en = escape(edition.name), escape(edition.name_en or edition.name)
    return (
        '<!doctype html><html lang="zh-Hans"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>'
        f'{zh}</title><h1><a href="zh/index.html">{zh}</a></h1>'
        f'<p><a href="en/index.html" lang="en">{en}</a></p></html>\n'
    )


class _Writer:
    """Walks the public pages of one edition in one language, breadth first."""

    def __init__(self, edition: Any, root: Path, short: str) -> None:
        self.edition, self.root, self.short = edition, root, short
        self.start = reverse("portal:edition", args=[edition.slug])
        self.seeds = {self.start, *(each for extra in _extra for each in extra(edition))}
        self.seen: set[str] = set(self.seeds)
        self.queue = deque(sorted(self.seeds))

    def write(self) -> None:
        """Write every page that can be reached, and what it needs."""
        with translation.override(LANGUAGES[self.short]):
            while self.queue:
                address = self.queue.popleft()
                page = render_for_strangers(address, LANGUAGES[self.short])
                name = self._name(address)
                path = self.root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(self._frozen(page, name), "utf-8")

    def _name(self, address: str) -> str:
        parts = urlsplit(address)
        path = unquote(parts.path).removeprefix(self.start).strip("/")
        query = "-".join(f"{k}-{v}" for k, v in parse_qsl(parts.query))
        return posixpath.join(self.short, path, f"{query or 'index'}.html")

    def _frozen(self, page: str, name: str) -> str:
        page = _SRCSET.sub("", _FRAME.sub("", page))
        return _LINK.sub(lambda match: self._link(match, posixpath.dirname(name)), page)

    def _link(self, match: re.Match[str], base: str) -> str:
        """A relative link to what the archive holds; without address where it holds nothing."""
        kind, raw = match[1], match[2].replace("&amp;", "&")
        found = self._kept(raw)
        if not found:
            return ""
        mark = f"#{urlsplit(raw).fragment}" if urlsplit(raw).fragment else ""
        return f' {kind}="{escape(posixpath.relpath(found, base) + mark)}"'

    def _kept(self, address: str) -> str:
        parts = urlsplit(address)
        if parts.path.startswith(settings.STATIC_URL):
            return self._static(parts.path.removeprefix(settings.STATIC_URL))
        if parts.path.startswith("/media/f/"):
            return self._file(parts.path)
        query = urlencode([(k, v) for k, v in parse_qsl(parts.query) if k in KEPT_QUERY])
        page = f"{parts.path}?{query}" if query else parts.path
        if page not in self.seen:
            if parts.path not in self.seeds and not self._belongs(parts.path):
                return ""
            self.seen.add(page)
            self.queue.append(page)
        return self._name(page)

    def _belongs(self, path: str) -> bool:
        try:
            match = resolve(path)
        except Resolver404:
            return False
        mine = match.kwargs.get("edition") == self.edition.slug
        return mine and match.view_name in PAGES

    def _static(self, name: str) -> str:
        target = self.root / "files" / name
        if not target.exists():
            if not staticfiles_storage.exists(name):
                return ""
            target.parent.mkdir(parents=True, exist_ok=True)
            with staticfiles_storage.open(name) as source:
                target.write_bytes(source.read())
            if name.endswith(".css"):
                for url in _URL.findall(target.read_text("utf-8")):
                    self._style_part(name, url)
        return f"files/{name}"

    def _style_part(self, style: str, url: str) -> None:
        if url.startswith(("data:", "http", "#")):
            return
        inside = url.removeprefix(settings.STATIC_URL)
        base = "" if inside != url else posixpath.dirname(style)
        self._static(posixpath.normpath(posixpath.join(base, inside)).split("?")[0])

    def _file(self, path: str) -> str:
        token, name = path.removeprefix("/media/f/").split("/", 1)
        target = self.root / "files" / "media" / token / name
        if not target.exists():
            try:
                row = media.served(AnonymousUser(), token, name)
            except NotFound:
                return ""
            target.parent.mkdir(parents=True, exist_ok=True)
            with default_storage.open(row.path) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy)
        return f"files/media/{token}/{name}"


def render_for_strangers(address: str, language: str) -> str:
    """The page at `address` as somebody without an account sees it. Raises NotFound."""
    parts = urlsplit(address)
    request: Any = WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": unquote(parts.path).encode().decode("latin-1"),
            "QUERY_STRING": parts.query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
        }
    )
    request.user, request.theme, request.LANGUAGE_CODE = AnonymousUser(), "auto", language
    try:
        view, args, kwargs = resolve(parts.path)
    except Http404:
        raise NotFound from None
    response: HttpResponse = view(request, *args, **kwargs)
    return response.content.decode()


class _Pipe(io.RawIOBase):
    """What a zip writes, handed on piece by piece; it cannot be rewound."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        """Everything written since the last call."""
        whole, self.pieces = b"".join(self.pieces), []
        return whole


def zipped(slug: str) -> Iterator[bytes]:
    """The whole archive as a zip, made while it is sent. Raises NotFound at once."""
    names = [*manifest(slug)["files"], "manifest.json"]
    return _zip(slug, names)


def _zip(slug: str, names: list[str]) -> Iterator[bytes]:
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.write(folder(slug) / name, f"{slug}/{name}")
            yield pipe.taken()
    yield pipe.taken()
