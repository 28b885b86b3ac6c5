"""One publisher's conversation, from handshake to leave-taking, without a socket."""

import os
from collections import Counter
from collections.abc import Callable
from typing import Final

from origin.inputs import Input, Inputs, Refused
from origin.rtmp import amf, chunks
from origin.rtmp.chunks import Chunks, Packet, ProtocolError, pack

HANDSHAKE: Final = 1536
VERSION: Final = 3
# Replies and, since ffmpeg copies it, what most publishers send: one message, one chunk.
REPLY_SIZE = 65_536
WINDOW_BYTES = 2_500_000
# While it does not publish nobody needs to say more than this; looked at piece by piece.
MOST_BYTES, MOST_PACKETS, PIECE = 65_536, 200, 4_096
_PING, _PONG, _STREAM_BEGIN = b"\0\6", b"\0\7", b"\0\0"

# What a publisher reads in its log. Chinese first: a log has no language setting.
WORDS = {
    "unknown_key": "推流密钥不对 · Unknown stream key",
    "not_open": "还没到推流时间 · This live is not open yet",
    "over": "本场直播已经结束 · This live is over",
    "taken": "该机位正在被另一路推流使用 · Somebody else is publishing to this camera",
    "used": "一次性密钥已经用过 · This single-use key has been used",
    "revoked": "密钥已经更换 · This key has been replaced",
    "codec": "只支持 H.264 + AAC · Set the encoder to H.264 (8-bit 4:2:0) and AAC",
    "too_many": "推流路数已满 · Too many publishers",
    "kicked": "导播已断开该机位 · The host has ended this camera",
    "silent": "长时间没有收到数据 · Nothing was received for too long",
    "no_picture": "没有收到画面 · No picture was received",
    "play": "本端口只收流，不能播放 · This port takes publishers only",
}


def words(code: str, detail: str = "") -> str:
    """Why a publisher must go."""
    return WORDS.get(code, code) + (f" ({detail})" if detail else "")


class Session:
    """`receive` bytes, `lost` when the connection ends. Never raises.

    `write` sends bytes; `leave(at_once)` ends the connection, at once or after what was written
    has had time to arrive. `loopback`: the peer runs on this machine, and may say for whom it
    publishes (`viaProtocol`, `viaAddress` in connect).
    """

    def __init__(
        self,
        inputs: Inputs,
        address: str,
        write: Callable[[bytes], None],
        leave: Callable[[bool], None],
        counts: Counter[str],
        *,
        loopback: bool = False,
    ) -> None:
        self._inputs, self._address, self._loopback = inputs, address, loopback
        self._write, self._leave, self._counts = write, leave, counts
        self._protocol = "rtmp"
        self._chunks = Chunks()
        self._begun: bytearray | None = bytearray()
        self._greeted = self._connected = self._over = False
        self._received = self._acknowledged = 0
        self._idle_bytes = self._idle_packets = 0
        self._window = WINDOW_BYTES
        self._input: Input | None = None

    @property
    def publishing(self) -> bool:
        """A camera is being published to."""
        return self._input is not None

    def receive(self, data: bytes) -> int:
        """Bytes came; returns how many messages they finished."""
        if self._over:
            return 0
        try:
            return self._receive(data)
        except (ProtocolError, amf.Malformed):
            self._counts["garbage"] += 1
            self._end(at_once=True)
            return 0

    def lost(self) -> None:
        """The connection is gone."""
        self._over = True
        self._release("lost")

    def _receive(self, data: bytes) -> int:
        self._received += len(data)
        if self._received - self._acknowledged >= self._window:
            self._acknowledged = self._received
            self._control(chunks.ACKNOWLEDGEMENT, (self._received & 0xFFFFFFFF).to_bytes(4, "big"))
        if self._begun is not None:
            data = self._shake(data)
        count = 0
        while data and not self._over:
            if self._input is not None:
                piece, data = data, b""
            else:
                piece, data = data[:PIECE], data[PIECE:]
                self._idle_bytes += len(piece)
            packets = self._chunks.feed(piece)
            count += len(packets)
            if self._input is None:
                self._idle_packets += len(packets)
                if self._idle_bytes > MOST_BYTES or self._idle_packets > MOST_PACKETS:
                    raise ProtocolError("talks without publishing")
            for packet in packets:
                self._packet(packet)
        return count

    def _packet(self, packet: Packet) -> None:
        if packet.kind == chunks.VIDEO or packet.kind == chunks.AUDIO:
            if self._input is not None:
                self._push(self._input, packet)
        elif not self._over:
            self._other(packet)

    def _shake(self, data: bytes) -> bytes:
        """C0, C1 and C2 (5.2); returns what comes after them."""
        begun = self._begun
        assert begun is not None
        begun += data
        if begun and begun[0] != VERSION:
            raise ProtocolError("version")
        if not self._greeted and len(begun) > HANDSHAKE:
            self._greeted = True
            theirs = bytes(begun[1 : 1 + HANDSHAKE])
            self._write(bytes([VERSION]) + bytes(8) + os.urandom(HANDSHAKE - 8) + theirs)
        if len(begun) < 1 + 2 * HANDSHAKE:
            return b""
        self._begun = None
        return bytes(begun[1 + 2 * HANDSHAKE :])

    def _push(self, place: Input, packet: Packet) -> None:
        try:
            place.push(packet.kind, packet.at, packet.payload)
        except Refused as refused:
            place.refuse(refused)
            self._release(refused.code)
            self._refuse(refused.code, refused.detail)

    def _other(self, packet: Packet) -> None:
        payload = packet.payload
        if packet.kind == chunks.COMMAND:
            self._command(amf.decode(payload), packet.stream)
        elif packet.kind == chunks.COMMAND_3:
            # AMF3 commands begin with one byte of their own and go on as AMF0.
            self._command(amf.decode(payload[1:]), packet.stream)
        elif packet.kind == chunks.USER_CONTROL and payload[:2] == _PING:
            self._control(chunks.USER_CONTROL, _PONG + payload[2:6])
        elif packet.kind == chunks.WINDOW and len(payload) >= 4:
            self._window = max(int.from_bytes(payload[:4], "big") // 2, 4_096)

    # Commands (7.2).

    def _command(self, values: list[amf.Value], stream: int) -> None:
        name = values[0] if values else None
        number = values[1] if len(values) > 1 and isinstance(values[1], float) else 0.0
        third = values[3] if len(values) > 3 else None
        if name != "connect" and not self._connected:
            raise ProtocolError("commands before connect")
        match name:
            case "connect":
                self._connect(number, values[2] if len(values) > 2 else None)
            case "createStream":
                self._say("_result", number, None, 1)
            case "releaseStream":
                self._say("_result", number, None, None)
            case "FCPublish":
                self._say("onFCPublish", 0, None, {"code": "NetStream.Publish.Start"})
            case "publish":
                self._publish(third if isinstance(third, str) else "", stream or 1)
            case "deleteStream" | "closeStream" | "FCUnpublish":
                self._release("closed")
            case "play" | "play2":
                self._counts["play"] += 1
                self._refuse("play", status="NetStream.Play.Failed", stream=stream or 1)

    def _connect(self, number: float, about: amf.Value) -> None:
        self._connected = True
        if self._loopback and isinstance(about, dict):
            protocol, address = about.get("viaProtocol"), about.get("viaAddress")
            if isinstance(protocol, str) and isinstance(address, str):
                self._protocol, self._address = protocol[:8], address[:64]
        window = WINDOW_BYTES.to_bytes(4, "big")
        self._control(chunks.WINDOW, window)
        self._control(chunks.BANDWIDTH, window + b"\2")
        self._control(chunks.SET_CHUNK_SIZE, REPLY_SIZE.to_bytes(4, "big"))
        self._say(
            "_result",
            number,
            {"fmsVer": "FMS/3,0,1,123", "capabilities": 31},
            {
                "level": "status",
                "code": "NetConnection.Connect.Success",
                "description": "Connection succeeded.",
                "objectEncoding": 0,
            },
        )

    def _publish(self, name: str, stream: int) -> None:
        self._release("closed")
        key = name.partition("?")[0]
        try:
            self._input = self._inputs.arrive(key, self._protocol, self._address, self._kicked)
        except Refused as refused:
            self._refuse(refused.code, refused.detail, stream=stream)
            return
        self._counts["published"] += 1
        self._control(chunks.USER_CONTROL, _STREAM_BEGIN + stream.to_bytes(4, "big"))
        self._status("status", "NetStream.Publish.Start", "开始推流 · Publishing", "", stream)

    def _kicked(self, code: str) -> None:
        self._input = None
        self._refuse(code)

    def _release(self, code: str) -> None:
        place, self._input = self._input, None
        if place is not None:
            self._idle_bytes = self._idle_packets = 0
            place.gone(code)

    def _refuse(
        self,
        code: str,
        detail: str = "",
        *,
        status: str = "NetStream.Publish.BadName",
        stream: int = 1,
    ) -> None:
        """Say why, and end."""
        self._counts[f"refused_{code}"] += 1
        self._status("error", status, words(code, detail), code, stream)
        self._end(at_once=False)

    def _end(self, *, at_once: bool) -> None:
        self._over = True
        self._release("lost")
        self._leave(at_once)

    # Sending.

    def _status(self, level: str, code: str, description: str, reason: str, stream: int) -> None:
        about = {"level": level, "code": code, "description": description}
        if reason:
            about["reason"] = reason
        content = amf.encode("onStatus", 0, None, about)
        self._write(pack(Packet(chunks.COMMAND, 0, stream, content), 5, REPLY_SIZE))

    def _say(self, *values: object) -> None:
        packet = Packet(chunks.COMMAND, 0, 0, amf.encode(*values))
        self._write(pack(packet, 3, REPLY_SIZE))

    def _control(self, kind: int, content: bytes) -> None:
        self._write(pack(Packet(kind, 0, 0, content), 2))
