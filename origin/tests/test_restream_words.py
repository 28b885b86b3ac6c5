"""Addresses of other networks, and what their complaints mean."""

import pytest

from origin.restream.addresses import BadAddress
from origin.restream.addresses import parse as address
from origin.restream.child import ending


@pytest.mark.parametrize(
    ("url", "where"),
    [
        (
            "rtmp://live-push.bilivideo.com/live-bvc/?streamname=live_1&key=k",
            ("live-push.bilivideo.com", 1935, "flv", True),
        ),
        ("rtmps://push.example/third/stream-1?sign=a/b", ("push.example", 443, "flv", True)),
        ("rtmp://[::1]:1936/a/b/key", ("::1", 1936, "flv", True)),
        (
            "srt://in.example:9000?streamid=%23!::r=x&passphrase=0123456789ab",
            ("in.example", 9000, "mpegts", False),
        ),
    ],
)
def test_an_address_tells_where_to_knock(url: str, where: tuple[str, int, str, bool]) -> None:
    found = address(url)
    assert (found.host, found.port, found.format, found.knocks) == where
    assert found.url == url
    assert "key" not in repr(found)
    assert "pass" not in repr(found)


@pytest.mark.parametrize(
    "url",
    [
        "", "rtmp://", "rtmp://host/key", "http://host/live/key", "srt://host", "rtmp://h:99999/a/b",
        "rtmp://host/live/a b", "rtmp://host/live/a\nb", "file:///etc/x", "tee:x", "-y",
        "rtmp://host/live/" + "k" * 2000,
    ],
)  # fmt: skip
def test_an_address_nobody_can_use_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(BadAddress) as refused:
        address(url)
    assert not url or url not in str(refused.value)


_OPENING = b"[out#0/flv] Error opening output x: Input/output error\n"


@pytest.mark.parametrize(
    ("complaints", "frames", "format", "reason"),
    [
        (b"[tcp] Connection to tcp://h:1 failed: Connection refused\n", 0, "flv", "unreachable"),
        (
            b"[tcp] Failed to resolve hostname h: Name or service not known\n",
            0,
            "flv",
            "unreachable",
        ),
        (b"[rtmps] Cannot open connection tls://h:9\n", 0, "flv", "unreachable"),
        (b"[rtmp] Server error: Publish.BadName\n", 0, "flv", "refused"),
        (b"[rtmp] Cannot read RTMP handshake response\n", 0, "flv", "refused"),
        (b"", 0, "flv", "refused"),
        (b"connection rejected due to: ERROR:BADSECRET\n", 0, "mpegts", "refused"),
        (b"[srt] Connection to srt://h:1 failed: Input/output error\n", 0, "mpegts", "unreachable"),
        (b"Connection refused\n", 5, "flv", "closed"),
    ],
)
def test_complaints_tell_why(complaints: bytes, frames: int, format: str, reason: str) -> None:
    assert ending(complaints + _OPENING, frames, format) == reason
    assert ending(b"Unrecognized option", 0, format) == "other"
