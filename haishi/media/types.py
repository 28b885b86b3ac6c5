"""What pages get: pictures with their sources, attachments with their facts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from haishi.foundation.bilingual import Bilingual

SIZES = (320, 640, 1280, 1920)
FORMATS = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
Renditions = dict[str, list[list[int]]]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in all formats that exist. `renditions`: {format: [[width, height], …]}, ascending.

    `color` is the mean colour as `#rrggbb`, shown until the picture arrives. `tail` carries the
    signature of a private picture's addresses.
    """

    token: str
    renditions: Renditions
    alt: Bilingual = field(default_factory=lambda: Bilingual(""))
    color: str = ""
    tail: str = ""

    @property
    def width(self) -> int:
        """Pixels of the largest rendition."""
        return self.renditions["jpg"][-1][0]

    @property
    def height(self) -> int:
        """Pixels of the largest rendition."""
        return self.renditions["jpg"][-1][1]

    def url(self, width: int = 640, form: str = "jpg") -> str:
        """Address of the smallest rendition at least `width` pixels wide, else of the largest."""
        widths = [entry[0] for entry in self.renditions[form]]
        best = next((each for each in widths if each >= width), widths[-1])
        return f"/media/f/{self.token}/{best}.{form}{self.tail}"

    @property
    def src(self) -> str:
        """What a browser without srcset gets: about 640 pixels, JPEG."""
        return self.url()

    def srcset(self, form: str) -> str:
        """`address 320w, address 640w, …` for one of `avif`, `webp`, `jpg`; "" if none exists."""
        start = f"/media/f/{self.token}/"
        return ", ".join(
            f"{start}{entry[0]}.{form}{self.tail} {entry[0]}w"
            for entry in self.renditions.get(form, ())
        )


@dataclass(frozen=True, slots=True)
class Attachment:
    """A video, a model, a document or a picture, with what a page says about it.

    `size` in bytes, `duration` in seconds. `picture` is the image itself or a video's poster.
    """

    id: int
    token: str
    kind: str
    name: str
    url: str
    content_type: str
    size: int
    pages: int | None = None
    triangles: int | None = None
    duration: float | None = None
    picture: Picture | None = None
    alt: Bilingual = field(default_factory=lambda: Bilingual(""))
    name_en: str = ""

    @property
    def title(self) -> Bilingual:
        """The name in the reader's language."""
        return Bilingual(self.name, self.name_en)

    @property
    def size_words(self) -> str:
        """`1.2 MB`."""
        return size_words(self.size)

    @property
    def clock(self) -> str:
        """`3:05`, or "" when it does not play."""
        if self.duration is None:
            return ""
        minutes, seconds = divmod(round(self.duration), 60)
        return f"{minutes}:{seconds:02d}"


@dataclass(frozen=True)
class Finished:
    """What the workbench found and made of a file; `files` lie in its output folder."""

    facts: dict[str, Any]
    files: Sequence[dict[str, Any]]


def size_words(size: int) -> str:
    """A byte count for people: `640 KB`, `12.3 MB`, `2 GB`; decimal units, as phones show them."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if size >= factor:
            return f"{size / factor:.1f}".removesuffix(".0") + f" {unit}"
    return f"{size} B"
