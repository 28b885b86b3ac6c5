"""What a paper is made of. Plain values; `writing.compose` sets them.

Words are Chinese text, or `Bilingual`: then both languages are printed, Chinese first.
"""

from dataclasses import dataclass

from haishi.foundation.bilingual import Bilingual

Words = str | Bilingual


@dataclass(frozen=True)
class Heading:
    """A line that begins a part."""

    words: Words


@dataclass(frozen=True)
class Paragraph:
    """Running text; a newline begins another paragraph. `small`: a note."""

    words: Words
    small: bool = False


@dataclass(frozen=True)
class Clause:
    """One numbered article."""

    title: Words
    text: Words


@dataclass(frozen=True)
class Clauses:
    """Articles, numbered 第一条 / Article 1 from `first` on."""

    items: tuple[Clause, ...]
    first: int = 1


@dataclass(frozen=True)
class Facts:
    """(label, value) one below the other."""

    rows: tuple[tuple[Words, Words], ...]


@dataclass(frozen=True)
class Table:
    """Rows under a head that is repeated on every page the table reaches.

    `shares`: widths in proportion, one a column, none: equal. `numbers`: columns set flush right.
    """

    head: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]
    shares: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class QR:
    """A code that a phone reads, with words beside it."""

    content: str
    words: Words


@dataclass(frozen=True)
class Slot:
    """A frame for one signature; `field` is its name in the file (letters, digits, hyphens)."""

    field: str
    words: Words


@dataclass(frozen=True)
class Signatures:
    """Frames side by side, two in a row."""

    slots: tuple[Slot, ...]


Block = Heading | Paragraph | Clauses | Facts | Table | QR | Signatures


@dataclass(frozen=True)
class Paper:
    """One document. `number` stands in the footer of each page.

    `verify_url`: where anybody may check it; printed as a QR beside the title.
    """

    number: str
    title: Words
    blocks: tuple[Block, ...]
    verify_url: str = ""
    issuer: str = "海市 Haishi"


@dataclass(frozen=True)
class Place:
    """Where a signature goes: `page` counts from 0, `box` is x1, y1, x2, y2 in points."""

    field: str
    page: int
    box: tuple[int, int, int, int]


@dataclass(frozen=True)
class Written:
    """The file, the places of its signatures, and characters that the typeface lacks."""

    pdf: bytes
    places: tuple[Place, ...] = ()
    missing: tuple[str, ...] = ()
