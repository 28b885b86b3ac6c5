"""Action Message Format 0 (Adobe, 2007), as far as commands need it."""

import struct
from collections.abc import Mapping, Sequence

Value = None | bool | float | str | list["Value"] | dict[str, "Value"]

MOST_DEPTH, MOST_VALUES = 8, 1_000
_number, _long = struct.Struct(">d"), struct.Struct(">I")


class Malformed(ValueError):
    """Not AMF0, or deeper or larger than any command is."""


class _Reader:
    def __init__(self, content: bytes) -> None:
        self._content, self._at, self._count = content, 0, 0

    @property
    def left(self) -> int:
        return len(self._content) - self._at

    def take(self, size: int) -> bytes:
        start = self._at
        self._at += size
        if self._at > len(self._content):
            raise Malformed("ends early")
        return self._content[start : self._at]

    def text(self, width: int) -> str:
        return self.take(int.from_bytes(self.take(width), "big")).decode("utf-8", "replace")

    def value(self, depth: int = 0) -> Value:
        self._count += 1
        if depth > MOST_DEPTH or self._count > MOST_VALUES:
            raise Malformed("too large")
        marker = self.take(1)[0]
        match marker:
            case 0:
                return float(_number.unpack(self.take(8))[0])
            case 1:
                return self.take(1) != b"\0"
            case 2:
                return self.text(2)
            case 3:
                return self._object(depth)
            case 5 | 6 | 13:  # null, undefined, unsupported
                return None
            case 8:  # an associative array: its length is only a hint
                self.take(4)
                return self._object(depth)
            case 10:
                return self._array(depth)
            case 11:  # a date: milliseconds, then a time zone that must be ignored
                when = float(_number.unpack(self.take(8))[0])
                self.take(2)
                return when
            case 12 | 15:  # long string, XML
                return self.text(4)
            case 16:
                self.text(2)
                return self._object(depth)
        raise Malformed(f"marker {marker}")

    def _object(self, depth: int) -> dict[str, Value]:
        found: dict[str, Value] = {}
        while True:
            name = self.text(2)
            if not name and self._content[self._at : self._at + 1] == b"\x09":
                self._at += 1
                return found
            found[name] = self.value(depth + 1)

    def _array(self, depth: int) -> list[Value]:
        (count,) = _long.unpack(self.take(4))
        if count > MOST_VALUES:
            raise Malformed("too large")
        return [self.value(depth + 1) for _ in range(count)]


def decode(content: bytes) -> list[Value]:
    """All values one after another. Raises Malformed."""
    reader = _Reader(content)
    values = []
    while reader.left:
        values.append(reader.value())
    return values


def encode(*values: object) -> bytes:
    """None, bool, int, float, str, mappings and sequences, one after another."""
    return b"".join(_encoded(value) for value in values)


def _encoded(value: object) -> bytes:
    match value:
        case None:
            return b"\x05"
        case bool():
            return b"\x01\x01" if value else b"\x01\x00"
        case int() | float():
            return b"\x00" + _number.pack(value)
        case str():
            text = value.encode()
            if len(text) > 0xFFFF:
                return b"\x0c" + _long.pack(len(text)) + text
            return b"\x02" + len(text).to_bytes(2, "big") + text
        case Mapping():
            body = b"".join(_name(name) + _encoded(each) for name, each in value.items())
            return b"\x03" + body + b"\0\0\x09"
        case Sequence():
            return b"\x0a" + _long.pack(len(value)) + encode(*value)
    raise TypeError(f"AMF0 cannot carry {type(value).__name__}")


def _name(name: str) -> bytes:
    text = name.encode()
    return len(text).to_bytes(2, "big") + text
