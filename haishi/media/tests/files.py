"""Files built for tests: good ones, and ones that mean harm."""

import io
import json
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import av
import pyvips
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter
from pypdf.actions import JavaScript
from pypdf.generic import DictionaryObject, NameObject, TextStringObject


def upload(content: bytes, name: str = "file.bin") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def picture(width: int, height: int, alpha: bool = False) -> Any:
    """A picture with structure: stripes of three colours."""
    ramp = pyvips.Image.xyz(width, height)
    bands = [(ramp[0] * 3) % 256, (ramp[1] * 5) % 256, (ramp[0] + ramp[1]) % 256]
    image = bands[0].bandjoin(bands[1:])
    if alpha:
        image = image.bandjoin((ramp[0] * 2) % 256)
    return image.cast("uchar").copy(interpretation="srgb")


def jpeg(width: int = 800, height: int = 600, orientation: int = 1, gps: bool = False) -> bytes:
    image = picture(width, height).copy()
    _tag(image, orientation, gps)
    return image.jpegsave_buffer(Q=80)


def _tag(image: Any, orientation: int, gps: bool) -> None:
    image.set_type(pyvips.GValue.gint_type, "orientation", orientation)
    if gps:
        words = pyvips.GValue.gstr_type
        image.set_type(
            words, "exif-ifd0-Make", "SecretCam (SecretCam, ASCII, 9 components, 9 bytes)"
        )
        image.set_type(
            words,
            "exif-ifd3-GPSLatitude",
            "36/1 40/1 12/1 (36, 40, 12, Rational, 3 components, 24 bytes)",
        )


def png(width: int = 64, height: int = 64, alpha: bool = False) -> bytes:
    return picture(width, height, alpha).pngsave_buffer()


def png_bomb(width: int, height: int) -> bytes:
    """A few hundred bytes that claim width × height pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def video(
    folder: Path, codec: str = "libx264", seconds: int = 2, form: str = "mp4", place: str = ""
) -> bytes:
    path = folder / f"made.{form}"
    with av.open(str(path), "w") as out:
        if place:
            out.metadata["location"] = place
        stream = out.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        for _ in range(seconds * 10):
            frame = av.VideoFrame(640, 360, "rgb24")
            frame.planes[0].update(bytes([200, 60, 30]) * (640 * 360))
            for packet in stream.encode(frame.reformat(format="yuv420p")):
                out.mux(packet)
        for packet in stream.encode():
            out.mux(packet)
    return path.read_bytes()


def pdf(pages: int = 3, script: bool = False, password: str = "", hidden: bool = False) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if script:
        writer.add_open_action(JavaScript("app.alert(1)"))
    if hidden:  # not reachable from any page; a reader may still find it
        writer._add_object(
            DictionaryObject(
                {
                    NameObject("/S"): NameObject("/Launch"),
                    NameObject("/F"): TextStringObject("cmd.exe"),
                }
            )
        )
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


TRIANGLE = struct.pack("<9f", 0, 0, 0, 1, 0, 0, 0, 1, 0) + struct.pack("<3H", 0, 1, 2) + b"\0\0"


def gltf() -> dict[str, Any]:
    """One triangle, as small as the specification allows."""
    return {
        "asset": {"version": "2.0"},
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "buffers": [{"byteLength": 44}],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": 36},
            {"buffer": 0, "byteOffset": 36, "byteLength": 6},
        ],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3"},
            {"bufferView": 1, "componentType": 5123, "count": 3, "type": "SCALAR"},
        ],
    }


def glb(document: dict[str, Any] | None = None, blob: bytes = TRIANGLE) -> bytes:
    text = json.dumps(document or gltf()).encode()
    text += b" " * (-len(text) % 4)
    body = (
        struct.pack("<I4s", len(text), b"JSON")
        + text
        + struct.pack("<I4s", len(blob), b"BIN\0")
        + blob
    )
    return struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body


def docx(extra: dict[str, bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return out.getvalue()


def ofd(entry: str = "OFD.xml") -> bytes:
    """The skeleton of an electronic invoice (GB/T 33190)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(entry, "<OFD/>")
        archive.writestr("Doc_0/Document.xml", "<Document/>")
    return out.getvalue()
