"""Walks all pages of an edition in both languages into a folder, with what they need.

Of a picture one size is kept; of a video the file with its poster, as long as all videos together
stay below `ARCHIVE_VIDEO_BYTES`; past that the poster alone.
"""

import posixpath
import re
import shutil
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from haishi.expo.archive.freezing import forget, freeze
from haishi.expo.archive.keeping import TYPES
from haishi.expo.archive.pages import addresses_of, render_for_strangers
from haishi.foundation import clock
from haishi.foundation.errors import NotFound
from haishi.media import selectors as media
from haishi.media.states import Kind

# {folder in the archive: language}
LANGUAGES = {"zh": "zh-hans", "en": "en"}
# A list goes on by page, a programme by day; every other question is asked of a living site.
KEPT_QUERY = {"page", "day"}
NAME = re.compile(r"[\w-][\w.-]*(?:/[\w-][\w.-]*)*", re.ASCII)
WIDEST = 1280
NAV = (
    ("portal:halls", _("展馆")),
    ("expo:programme", _("日程")),
    ("expo:speakers", _("嘉宾")),
    ("expo:public_announcements", _("公告")),
)
MEDIA = "/media/f/"
_PICTURE = re.compile(r"\d+\.(?:avif|webp|jpg)")
_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)['\"]?\s*\)")
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Written:
    """How many pages, how many videos, and how many videos there was no room for."""

    pages: int
    videos: int
    videos_left_out: int


def write(edition: Any, root: Path, tell: Tell) -> Written:
    """Write every page into `root`. `tell(done, total)` hears after each.

    At any time one page is in memory, and the addresses of all.
    """
    files = Files(root)
    paths = addresses_of(edition)
    made_at = clock.now()
    walks = [Walk(edition, files, short, paths, made_at) for short in LANGUAGES]
    for walk in walks:
        while walk.step():
            tell(sum(each.done for each in walks), sum(len(each.seen) for each in walks))
    missing = {name for walk in walks for name in walk.missing}
    if missing:
        _forget(root, missing)
    front = {"edition": edition, "styles": sorted(files.styles), "made_at": made_at}
    (root / "index.html").write_text(render_to_string("expo/archive/front.html", front), "utf-8")
    pages = sum(walk.done for walk in walks) - len(missing)
    return Written(pages, files.films.count(True), files.films.count(False))


def _forget(root: Path, missing: set[str]) -> None:
    for path in root.rglob("*.html"):
        text = path.read_text("utf-8")
        loosened = forget(text, path.relative_to(root).as_posix(), missing)
        if loosened != text:
            path.write_text(loosened, "utf-8")


class Walk:
    """All pages of one language, breadth first from the listed paths."""

    def __init__(
        self, edition: Any, files: "Files", short: str, paths: list[str], made_at: Any
    ) -> None:
        self.edition, self.files, self.short, self.made_at = edition, files, short, made_at
        self.start = edition.get_absolute_url()
        self.paths = set(paths)
        self.seen: set[str] = set(paths)
        self.queue = deque(paths)
        self.missing: set[str] = set()
        self.done = 0

    def step(self) -> bool:
        """Write one page; False when there are no more."""
        if not self.queue:
            return False
        address = self.queue.popleft()
        name = self.name(address)
        with translation.override(LANGUAGES[self.short]):
            try:
                page = render_for_strangers(address, LANGUAGES[self.short])
            except NotFound:
                self.missing.add(name)
            else:
                path = self.files.root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                text = freeze(page, name, address, self._bar(address, name), self.kept)
                path.write_text(text, "utf-8")
        self.done += 1
        return True

    def name(self, address: str, short: str = "") -> str:
        """The file of a page: `zh/halls/a/page-2.html`."""
        parts = urlsplit(address)
        path = unquote(parts.path).removeprefix(self.start).strip("/")
        query = "-".join(f"{key}-{value}" for key, value in parse_qsl(parts.query))
        return posixpath.join(short or self.short, path, f"{query or 'index'}.html")

    def _bar(self, address: str, name: str) -> str:
        folder = posixpath.dirname(name)
        other = "en" if self.short == "zh" else "zh"
        routes = ((reverse(route, args=[self.edition.slug]), label) for route, label in NAV)
        context = {
            "nav": [
                (posixpath.relpath(self.name(path), folder), label, address.startswith(path))
                for path, label in routes
                if path in self.paths
            ],
            "made_at": self.made_at,
            "home": posixpath.relpath(self.name(self.start), folder),
            "other": posixpath.relpath(self.name(address, other), folder),
            "english": self.short == "en",
        }
        return render_to_string("expo/archive/bar.html", context)

    def kept(self, address: str, page: str) -> str:
        """The file for an address that `page` names; "" when the archive holds nothing there."""
        parts = urlsplit(address)
        if parts.path.startswith(settings.STATIC_URL):
            return self.files.static(parts.path.removeprefix(settings.STATIC_URL))
        if parts.path.startswith(MEDIA):
            return self.files.media(parts.path)
        path = parts.path or urlsplit(page).path
        query = parse_qsl(parts.query)
        wanted = f"{path}?{urlencode(query)}" if query else path
        if path not in self.paths or not {key for key, _value in query} <= KEPT_QUERY:
            return ""
        name = self.name(wanted)
        if not NAME.fullmatch(name):
            return ""
        if wanted not in self.seen:
            self.seen.add(wanted)
            self.queue.append(wanted)
        return name


class Files:
    """Styles, pictures and documents, each copied once when the first page asks for it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.known: dict[str, str] = {}
        self.styles: set[str] = set()
        self.room = settings.ARCHIVE_VIDEO_BYTES
        self.films: list[bool] = []  # for each, whether it was kept

    def static(self, name: str) -> str:
        """A style, font or icon of the house; "" when there is none."""
        if name in self.known:
            return self.known[name]
        kind = posixpath.splitext(name)[1]
        if kind not in TYPES or not NAME.fullmatch(name) or not staticfiles_storage.exists(name):
            return ""
        kept = self.known[name] = f"files/static/{name}"
        with staticfiles_storage.open(name) as source:
            self._copy(source, kept)
        if name.endswith(".css"):
            self.styles.add(kept)
            for url in _URL.findall((self.root / kept).read_text("utf-8")):
                self._style_part(name, url)
        return kept

    def _style_part(self, style: str, url: str) -> None:
        if url.startswith(("data:", "http", "#")):
            return
        inside = url.removeprefix(settings.STATIC_URL)
        folder = "" if inside != url else posixpath.dirname(style)
        self.static(posixpath.normpath(posixpath.join(folder, inside)).split("?")[0])

    def media(self, path: str) -> str:
        """A public file; "" when strangers get none, or when it is a film without room."""
        token, _, name = path.removeprefix(MEDIA).partition("/")
        key = token if _PICTURE.fullmatch(name) else f"{token}/{name}"
        if key not in self.known:
            self.known[key] = self._fetch(token, name)
        return self.known[key]

    def _fetch(self, token: str, name: str) -> str:
        try:
            row = media.served(AnonymousUser(), token, name)
            if _PICTURE.fullmatch(name) and (best := _best(row.asset.renditions)) != name:
                row = media.served(AnonymousUser(), token, best)
        except NotFound:
            return ""
        kept = f"files/media/{token}.{row.format}"
        is_film = row.asset.kind == Kind.VIDEO and not _PICTURE.fullmatch(name)
        if not NAME.fullmatch(kept) or (is_film and not self._has_room(row.size)):
            return ""
        try:
            with default_storage.open(row.path) as source:
                self._copy(source, kept)
        except FileNotFoundError:
            return ""
        return kept

    def _has_room(self, size: int) -> bool:
        """Take so many bytes of what videos may use, if they are left."""
        fits = bool(size <= self.room)
        self.films.append(fits)
        self.room -= size if fits else 0
        return fits

    def _copy(self, source: Any, name: str) -> None:
        target = self.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as copy:
            shutil.copyfileobj(source, copy)


def _best(renditions: dict[str, list[list[int]]]) -> str:
    """The name of the one size that is kept: the widest up to `WIDEST`, WebP where it exists."""
    form = "webp" if "webp" in renditions else "jpg"
    widths = [entry[0] for entry in renditions[form]]
    return f"{max((w for w in widths if w <= WIDEST), default=widths[0])}.{form}"
