"""What a file is, by its first bytes. Names and declared types are never believed."""

import re
from dataclasses import dataclass

from haishi.foundation.text import clean
from haishi.media.errors import FileRefused
from haishi.media.states import Kind

HEAD_BYTES = 4096


@dataclass(frozen=True)
class Sniffed:
    """Kind, content type and the extension that belongs to it."""

    kind: str
    content_type: str
    extension: str


_OFFICE = "application/vnd.openxmlformats-officedocument."
JPEG = Sniffed(Kind.IMAGE, "image/jpeg", "jpg")
PNG = Sniffed(Kind.IMAGE, "image/png", "png")
GIF = Sniffed(Kind.IMAGE, "image/gif", "gif")
WEBP = Sniffed(Kind.IMAGE, "image/webp", "webp")
AVIF = Sniffed(Kind.IMAGE, "image/avif", "avif")
MP4 = Sniffed(Kind.VIDEO, "video/mp4", "mp4")
WEBM = Sniffed(Kind.VIDEO, "video/webm", "webm")
GLB = Sniffed(Kind.MODEL, "model/gltf-binary", "glb")
PDF = Sniffed(Kind.DOCUMENT, "application/pdf", "pdf")
DOCX = Sniffed(Kind.DOCUMENT, _OFFICE + "wordprocessingml.document", "docx")
XLSX = Sniffed(Kind.DOCUMENT, _OFFICE + "spreadsheetml.sheet", "xlsx")
PPTX = Sniffed(Kind.DOCUMENT, _OFFICE + "presentationml.presentation", "pptx")
# GB/T 33190-2016, the format of Chinese electronic invoices: a zip that begins at OFD.xml.
OFD = Sniffed(Kind.DOCUMENT, "application/ofd", "ofd")
KNOWN = {
    each.extension: each
    for each in (JPEG, PNG, GIF, WEBP, AVIF, MP4, WEBM, GLB, PDF, DOCX, XLSX, PPTX, OFD)
}

_STARTS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"glTF", GLB),
    (b"%PDF-", PDF),
)
_REFUSED_STARTS = (
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"#!", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_office"),
)
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"mif1", b"msf1"}
_MP4_BRANDS = re.compile(rb"isom|iso[2-9]|mp4[12]|avc1|M4V |M4VH|dash|MSNV|qt  |av01|f4v ")


def sniff(head: bytes, tail: bytes = b"") -> Sniffed:
    """What begins with `head` (up to 4 KiB) and ends with `tail` (only looked at in containers).

    Raises FileRefused with the reason that helps the person most.
    """
    if not head:
        raise FileRefused("empty")
    for start, known in _STARTS:
        if head.startswith(start):
            return known
    for start, code in _REFUSED_STARTS:
        if head.startswith(start):
            raise FileRefused(code)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp":
        return _boxes(head)
    if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head[:64]:
        return WEBM
    if head.startswith(b"PK\x03\x04"):
        return _zip(head + tail)
    raise FileRefused(_markup(head))


def _boxes(head: bytes) -> Sniffed:
    """ISO base media: the brands of the first box tell pictures from films."""
    length = int.from_bytes(head[:4], "big")
    brands = head[8 : min(max(length, 16), 128)]
    names = {brands[:4], *(brands[at : at + 4] for at in range(8, len(brands), 4))}
    if names & _AVIF_BRANDS:
        return AVIF
    if names & _HEIC_BRANDS:
        raise FileRefused("heic")
    if _MP4_BRANDS.match(brands):
        return MP4
    raise FileRefused("unknown")


def _zip(content: bytes) -> Sniffed:
    """An Office document or an OFD names its parts in the directory at the end; no other zip."""
    if b"[Content_Types].xml" in content:
        for part, known in ((b"word/", DOCX), (b"xl/", XLSX), (b"ppt/", PPTX)):
            if part in content:
                return known
    if b"OFD.xml" in content and b"[Content_Types].xml" not in content:
        return OFD
    raise FileRefused("archive")


def _markup(head: bytes) -> str:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in text:
        return "svg"
    if text.startswith((b"<!doctype html", b"<html", b"<script")) or b"<html" in text:
        return "page"
    return "unknown"


def clean_name(name: str, extension: str) -> str:
    """A file name that is safe to offer for saving, with the extension of what the file is."""
    base = clean(name.replace("\\", "/").rsplit("/", 1)[-1]).replace("\n", " ")
    stem = re.sub(r'[<>:"|?*\t]', "", base.rsplit(".", 1)[0]).strip(" .")[:120]
    return f"{stem or 'file'}.{extension}"
