"""One publisher's conversation: what real encoders say, and what nobody should."""

import os
import random
from collections import Counter

import pytest

from origin.bus import Message
from origin.inputs import Inputs
from origin.rtmp import amf, chunks
from origin.rtmp.chunks import Chunks, Packet, pack
from origin.rtmp.session import HANDSHAKE, MOST_BYTES, Session
from origin.tests.material import stream
from wire.live import Camera, hash_key
from wire.live import Session as Armed

CASES = int(os.environ.get("HAISHI_FUZZ_CASES", "10000"))
ARMED = Armed(
    id="s1",
    title="潮",
    cameras=[Camera(number=1, label="机位1", key_hash=hash_key("key-1"))],
    opens_at=0,
    closes_at=10_000,
)


class Peer:
    """A publisher's end of a session, without a network."""

    def __init__(self, *, loopback: bool = False) -> None:
        self.told: list[tuple[str, int, str, str]] = []
        self.inputs = Inputs(lambda: 100.0, lambda *what: self.told.append(what))
        self.inputs.arm(ARMED)
        self.counts: Counter[str] = Counter()
        self.said = bytearray()
        self.left: list[bool] = []
        self.session = Session(
            self.inputs, "10.0.0.1", self.said.extend, self.left.append, self.counts,
            loopback=loopback,
        )  # fmt: skip
        self.heard: list[Message] = []
        self.inputs.cameras("s1")[1].feed.listen(self.heard.append)
        self._reader = Chunks()

    def shake(self) -> "Peer":
        c1 = bytes(8) + os.urandom(HANDSHAKE - 8)
        self.session.receive(b"\3" + c1)
        assert self.said[:1] == b"\3"
        assert self.said[1 + HANDSHAKE :] == c1
        self.session.receive(bytes(self.said[1 : 1 + HANDSHAKE]))
        self.said.clear()
        return self

    def send(self, packet: Packet, channel: int = 3) -> None:
        self.session.receive(pack(packet, channel))

    def command(self, *values: object, stream: int = 0) -> list[list[amf.Value]]:
        """Say something; the commands that come back."""
        self.send(Packet(chunks.COMMAND, 0, stream, amf.encode(*values)))
        return self.commands()

    def packets(self) -> list[Packet]:
        found = self._reader.feed(bytes(self.said))
        self.said.clear()
        return found

    def commands(self) -> list[list[amf.Value]]:
        return [amf.decode(each.payload) for each in self.packets() if each.kind == chunks.COMMAND]

    def publish(self, key: str = "key-1") -> list[list[amf.Value]]:
        self.shake()
        self.command("connect", 1, {"app": "live"})
        self.command("createStream", 2, None)
        return self.command("publish", 3, None, key, "live", stream=1)


def about(answer: list[amf.Value]) -> dict[str, amf.Value]:
    assert isinstance(answer[3], dict)
    return answer[3]


def test_the_words_of_obs_lead_to_a_live_camera():
    """As librtmp of OBS Studio 30 sends them: several commands in one piece, AMF0, odd headers."""
    peer = Peer().shake()
    url = "rtmp://studio.example/live"
    about_obs = {"app": "live", "type": "nonprivate", "flashVer": "FMLE/3.0 (compatible; FMSc/1.0)"}
    answers = peer.command("connect", 1, {**about_obs, "swfUrl": url, "tcUrl": url})
    assert [each[:2] for each in answers] == [["_result", 1.0]]
    assert about(answers[0])["code"] == "NetConnection.Connect.Success"
    told = pack(Packet(chunks.SET_CHUNK_SIZE, 0, 0, (4096).to_bytes(4, "big")), 2)
    for number, name in ((2, "releaseStream"), (3, "FCPublish")):
        body = amf.encode(name, number, None, "key-1")
        # Medium headers: no message stream.
        told += b"\x43\0\0\0" + len(body).to_bytes(3, "big") + b"\x14" + body
    body = amf.encode("createStream", 4, None)
    told += b"\x43\0\0\0" + len(body).to_bytes(3, "big") + b"\x14" + body
    peer.session.receive(told)
    assert [each[:2] for each in peer.commands()] == [
        ["_result", 2.0], ["onFCPublish", 0.0], ["_result", 4.0],
    ]  # fmt: skip
    body = amf.encode("publish", 5, None, "key-1", "live")
    peer.session.receive(pack(Packet(chunks.COMMAND, 0, 1, body), 4, 4096))
    (answer,) = peer.commands()
    assert (answer[0], about(answer)["code"]) == ("onStatus", "NetStream.Publish.Start")
    meta = amf.encode("@setDataFrame", "onMetaData", {"width": 320, "encoder": "obs-output"})
    peer.session.receive(pack(Packet(chunks.DATA, 0, 1, meta), 4, 4096))
    told = [pack(Packet(each.kind, each.at, 1, each.payload), 4, 4096) for each in stream()]
    peer.session.receive(b"".join(told))
    assert peer.heard == list(stream())
    peer.command("FCUnpublish", 6, None, "key-1")
    peer.command("deleteStream", 7, None, 1)
    assert [what[2:] for what in peer.told] == [
        ("connecting", ""),
        ("live", ""),
        ("gone", "closed"),
    ]
    assert peer.left == []


def test_one_encoder_that_sends_everything_in_one_piece_is_understood():
    peer = Peer()
    told = b"\3" + bytes(HANDSHAKE) * 2
    told += pack(Packet(chunks.COMMAND, 0, 0, amf.encode("connect", 1, {"app": "live"})), 3)
    told += pack(Packet(chunks.COMMAND, 0, 0, amf.encode("createStream", 2, None)), 3)
    told += pack(Packet(chunks.COMMAND, 0, 1, amf.encode("publish", 3, None, "key-1")), 3)
    told += b"".join(pack(Packet(m.kind, m.at, 1, m.payload), 4) for m in stream())
    peer.session.receive(told)
    assert peer.heard == list(stream())


@pytest.mark.parametrize("name", ["key-1?token=1", "key-1"])
def test_the_key_is_the_name_without_its_query(name: str):
    peer = Peer()
    assert about(peer.publish(name)[0])["code"] == "NetStream.Publish.Start"
    assert peer.session.publishing


def test_a_wrong_key_is_refused_in_words_and_the_connection_ends_slowly():
    peer = Peer()
    (answer,) = peer.publish("guess")
    assert about(answer) == {
        "level": "error",
        "code": "NetStream.Publish.BadName",
        "description": "推流密钥不对 · Unknown stream key",
        "reason": "unknown_key",
    }
    assert peer.left == [False]
    assert peer.counts == {"refused_unknown_key": 1}
    assert peer.command("createStream", 4, None) == []


@pytest.mark.parametrize("name", [None, 5, ""])
def test_a_name_that_is_no_key_is_refused(name: object):
    peer = Peer().shake()
    peer.command("connect", 1, {"app": "live"})
    assert about(peer.command("publish", 3, None, name)[0])["reason"] == "unknown_key"


def test_playing_is_refused_in_words():
    peer = Peer().shake()
    peer.command("connect", 1, {"app": "live"})
    (answer,) = peer.command("play", 3, None, "key-1", stream=1)
    assert about(answer)["code"] == "NetStream.Play.Failed"
    assert "publishers only" in str(about(answer)["description"])
    assert peer.left == [False]
    assert peer.told == []


def test_another_codec_is_refused_with_its_name_after_publishing_began():
    peer = Peer()
    peer.publish()
    peer.send(Packet(chunks.VIDEO, 0, 1, b"\x90hvc1" + bytes(30)), 4)
    (answer,) = peer.commands()
    assert (about(answer)["reason"], about(answer)["level"]) == ("codec", "error")
    assert str(about(answer)["description"]).endswith("(HEVC)")
    assert [what[2:] for what in peer.told] == [
        ("connecting", ""), ("refused", "codec"), ("gone", "codec"),
    ]  # fmt: skip
    assert peer.heard == []


def test_who_is_kicked_reads_why_and_says_no_more():
    peer = Peer()
    peer.publish()
    peer.inputs.cameras("s1")[1].kick("kicked")
    assert about(peer.commands()[0])["reason"] == "kicked"
    assert (peer.left, peer.session.publishing) == ([False], False)
    for each in stream():
        peer.send(Packet(each.kind, each.at, 1, each.payload), 4)
    assert peer.heard == []
    assert peer.told[-1] == ("s1", 1, "gone", "kicked")


def test_a_connection_that_breaks_is_lost_and_told_once():
    peer = Peer()
    peer.publish()
    peer.session.lost()
    peer.session.lost()
    assert [what[2:] for what in peer.told] == [("connecting", ""), ("gone", "lost")]


def test_a_ping_is_answered_and_bytes_are_acknowledged():
    peer = Peer()
    peer.publish()
    peer.send(Packet(chunks.USER_CONTROL, 0, 0, b"\0\6\1\2\3\4"), 2)
    assert peer.packets() == [Packet(chunks.USER_CONTROL, 0, 0, b"\0\7\1\2\3\4")]
    peer.send(Packet(chunks.WINDOW, 0, 0, (20_000).to_bytes(4, "big")), 2)
    for _ in range(3):
        peer.send(Packet(chunks.DATA, 0, 1, bytes(4_000)), 4)
    acknowledged = [each for each in peer.packets() if each.kind == chunks.ACKNOWLEDGEMENT]
    assert len(acknowledged) == 1
    assert int.from_bytes(acknowledged[0].payload, "big") > 10_000


def test_only_a_neighbour_may_say_for_whom_it_publishes():
    via = {"app": "live", "viaProtocol": "whip", "viaAddress": "203.0.113.7"}
    for loopback, expected in ((True, ("whip", "203.0.113.7")), (False, ("rtmp", "10.0.0.1"))):
        peer = Peer(loopback=loopback)
        peer.shake()
        peer.command("connect", 1, via)
        peer.command("publish", 3, None, "key-1")
        status = peer.inputs.cameras("s1")[1].status()
        assert (status.protocol, status.address) == expected


@pytest.mark.parametrize(
    "told",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\6" + bytes(2 * HANDSHAKE),
        b"\3" + bytes(2 * HANDSHAKE) + b"\xc3",
        b"\3" + bytes(2 * HANDSHAKE) + pack(Packet(20, 0, 0, b"\xff\xff"), 3),
        b"\3" + bytes(2 * HANDSHAKE) + pack(Packet(20, 0, 0, amf.encode("publish", 1)), 3),
        b"\3" + bytes(2 * HANDSHAKE) + pack(Packet(18, 0, 0, bytes(MOST_BYTES)), 3),
        b"\3" + bytes(2 * HANDSHAKE) + pack(Packet(18, 0, 0, b""), 3) * 201,
    ],
)
def test_garbage_ends_at_once_and_is_counted(told: bytes):
    peer = Peer()
    peer.session.receive(told)
    assert peer.left == [True]
    assert peer.counts == {"garbage": 1}
    assert peer.told == []


def test_mutated_conversations_never_raise_and_never_reach_another_camera():
    choose = random.Random(11)
    told = b"\3" + bytes(2 * HANDSHAKE)
    told += pack(Packet(chunks.COMMAND, 0, 0, amf.encode("connect", 1, {"app": "live"})), 3)
    told += pack(Packet(chunks.COMMAND, 0, 0, amf.encode("createStream", 2, None)), 3)
    told += pack(Packet(chunks.COMMAND, 0, 1, amf.encode("publish", 3, None, "key-1")), 3)
    talk = len(told)
    told += b"".join(pack(Packet(m.kind, m.at, 1, m.payload), 4) for m in stream()[:6])
    ended = 0
    for _ in range(CASES // 5):
        content = bytearray(told)
        for _ in range(choose.randrange(1, 6)):
            place = choose.randrange(2 * HANDSHAKE, len(content) if choose.random() < 0.5 else talk)
            content[place] = choose.randrange(256)
        peer = Peer()
        cut = choose.randrange(len(content))
        peer.session.receive(bytes(content[:cut]))
        peer.session.receive(bytes(content[cut:]))
        peer.session.lost()
        ended += bool(peer.left)
        assert peer.inputs.cameras("s1")[1].state in ("idle", "gone")
    assert ended > CASES // 100
