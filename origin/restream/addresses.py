"""A target's address: checked before ffmpeg sees it, and never part of a message.

ffmpeg takes its output's address on the command line only. `-/option file` reads ffmpeg's own
options from a file, and a preset (`-fpre`) the codecs', but neither reaches a protocol (tried with
`rtmp_playpath` on 9.0: a preset is read after the output's options were taken). So the stream key
can be seen in /proc/<pid>/cmdline by whoever has an account on the machine. An operator who shares
the machine mounts /proc with `hidepid=2` (proc(5)); the origin itself never logs or tells it.
"""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

MOST_ADDRESS = 2_000


class BadAddress(ValueError):
    """Not rtmp://host/application/key, rtmps:// or srt://host:port?…"""


@dataclass(frozen=True)
class Address:
    """`url` holds the key and is not shown by repr; `host`, `port`: where to knock;
    `format`: ffmpeg's muxer."""

    url: str = field(repr=False)
    host: str
    port: int
    format: str

    @property
    def knocks(self) -> bool:
        """A TCP connection tells whether somebody is there."""
        return self.format == "flv"


def parse(url: str) -> Address:
    """The address of a target. Raises BadAddress; the message holds nothing of the address."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadAddress("unreadable") from None
    if not host or any(ord(sign) < 33 or ord(sign) == 127 for sign in url):
        raise BadAddress("unreadable")
    if len(url) > MOST_ADDRESS:
        raise BadAddress("too long")
    if parts.scheme == "srt":
        if port is None:
            raise BadAddress("srt needs a port")
        return Address(url, host, port, "mpegts")
    if parts.scheme not in ("rtmp", "rtmps"):
        raise BadAddress("rtmp, rtmps or srt")
    application, _slash, key = parts.path.lstrip("/").partition("/")
    if not application or not (key or parts.query):
        raise BadAddress("no stream key")
    return Address(url, host, port or (1935 if parts.scheme == "rtmp" else 443), "flv")
