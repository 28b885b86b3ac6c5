"""One person with a browser: its peer connection, and the publisher that speaks for it."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from typing import Any, Final

import aiortc
import aiortc.rtcrtpreceiver
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.codecs import get_decoder
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from aiortc.rtp import RtcpSrPacket

from origin.bus import AUDIO, VIDEO
from origin.rtmp.publisher import Publisher, Rejected
from origin.whip.settings import Settings
from origin.whip.streams import Lips, Pictures, Sound

log = logging.getLogger("origin.whip")
# Seconds: between two requests for a first key frame, and between looks at whether one is due.
ASK_AGAIN, LOOK = 1.0, 0.1
# Unsent bytes beyond which pictures are left out until the next key frame.
MOST_UNSENT: Final = 4 << 20
KINDS: Final = {"audio": AUDIO, "video": VIDEO}


class Whole:
    """A picture as it came."""

    __slots__ = ("data", "timestamp")

    def __init__(self, data: bytes, timestamp: int) -> None:
        self.data, self.timestamp = data, timestamp


class _Undecoded:
    """Stands where aiortc has a decoder, and decodes nothing."""

    def decode(self, frame: Any) -> list[Whole]:
        return [Whole(frame.data, frame.timestamp)]


def _choose_decoder(codec: Any) -> Any:
    return _Undecoded() if codec.name.upper() == "H264" else get_decoder(codec)


def pass_pictures_through() -> None:
    """Have aiortc hand out H.264 as it came: it has no setting for that. For the whole process."""
    vars(aiortc.rtcrtpreceiver)["get_decoder"] = _choose_decoder


def _prefer_h264(connection: RTCPeerConnection) -> None:
    """Answer pictures with nothing but H.264 and its retransmission; to receive alone."""
    capabilities = aiortc.RTCRtpReceiver.getCapabilities("video")
    assert capabilities is not None
    video = connection.addTransceiver("video", direction="recvonly")
    video.setCodecPreferences(
        [each for each in capabilities.codecs if each.mimeType in ("video/H264", "video/rtx")]
    )


class BadOffer(ValueError):
    """An offer that cannot be answered; says why."""


class Host:
    """`begin` answers an offer; `ended` tells, once, that it is over."""

    def __init__(
        self, key: str, address: str, settings: Settings, ended: Callable[["Host"], None]
    ) -> None:
        self._key, self._address, self._settings = key, address, settings
        self._tell: Callable[[Host], None] | None = ended
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._publisher: Publisher | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._receivers: dict[int, Any] = {}
        self._pictures = Pictures()
        self._sound: Sound | None = None
        self._lips = Lips()
        self._header: bytes | None = None  # of the pictures, as the origin has it
        self._sound_told = False
        self._waiting = True
        self._key_at: float | None = None
        self._asked_at = float("-inf")

    async def begin(self, offer: str) -> str:
        """The answer to an offer. Raises Rejected by the origin, or BadOffer; then it is over."""
        try:
            self._publisher = await self._publish()
            answer = await self._answer(offer)
        except BaseException:
            await self.end()
            raise
        self._start(self._follow(), self._ask_for_keys(), self._deadline())
        return answer

    async def end(self) -> None:
        """Leave both sides."""
        tell, self._tell = self._tell, None
        if tell is None:
            return
        tell(self)
        here = asyncio.current_task()
        for task in self._tasks - {here}:
            task.cancel()
        if self._publisher is not None:
            await self._publisher.close()
        await self._connection.close()

    def _start(self, *work: Any) -> None:
        for each in work:
            task = asyncio.create_task(each)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    # The browser's side.

    async def _answer(self, offer: str) -> str:
        connection = self._connection
        connection.on("track", self._track)
        connection.on("connectionstatechange", self._changed)
        _prefer_h264(connection)
        try:
            await connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
            if VIDEO not in self._receivers:
                raise BadOffer("no video")
            if len(connection.getTransceivers()) > len(KINDS):
                raise BadOffer("more than one picture or sound")
            self._lips = Lips(frozenset(self._receivers))
            await connection.setLocalDescription(await connection.createAnswer())
        except BadOffer:
            raise
        # aiortc says many things to bad descriptions, among them IndexError and KeyError.
        except Exception as error:
            raise BadOffer(f"{type(error).__name__}: {error}") from error
        return str(connection.localDescription.sdp)

    def _track(self, track: MediaStreamTrack) -> None:
        """A track of the offer."""
        kind = KINDS.get(track.kind)
        if kind is None or kind in self._receivers:
            return
        for transceiver in self._connection.getTransceivers():
            if transceiver.receiver.track is track:
                self._receivers[kind] = transceiver.receiver
                self._listen_to_reports(kind, transceiver.receiver)
        self._start(self._pump(kind, track))

    def _listen_to_reports(self, kind: int, receiver: Any) -> None:
        """Sender reports pass through the receiver, which does not show them."""
        handle = receiver._handle_rtcp_packet
        rate = 48_000 if kind == AUDIO else 90_000

        async def overhear(packet: Any) -> None:
            if isinstance(packet, RtcpSrPacket):
                origin = receiver._RTCRtpReceiver__timestamp_mapper._origin
                if origin is not None:
                    # The receiver's stamps count from the first one it saw.
                    stamp = packet.sender_info.rtp_timestamp - origin
                    stamp = ((stamp + 0x80000000) & 0xFFFFFFFF) - 0x80000000
                    wall = packet.sender_info.ntp_timestamp / (1 << 32)
                    self._lips.report(kind, wall, stamp / rate)
            await handle(packet)

        receiver._handle_rtcp_packet = overhear

    async def _pump(self, kind: int, track: MediaStreamTrack) -> None:
        take = self._take_picture if kind == VIDEO else self._take_sound
        try:
            while True:
                take(await track.recv())
        except MediaStreamError:
            await self.end()

    async def _changed(self) -> None:
        if self._connection.connectionState in ("failed", "closed"):
            await self.end()

    async def _deadline(self) -> None:
        await asyncio.sleep(self._settings.to_connect)
        if self._connection.connectionState != "connected":
            await self.end()

    # Key frames.

    async def _ask_for_keys(self) -> None:
        """Until the first key frame every second, then so that one comes every `gop` seconds."""
        while True:
            await asyncio.sleep(LOOK)
            now = time.monotonic()
            due = self._key_at is None or now - self._key_at >= self._settings.gop - LOOK
            if due and now - self._asked_at >= ASK_AGAIN:
                await self._ask(now)

    async def _ask(self, now: float) -> None:
        receiver = self._receivers.get(VIDEO)
        if receiver is None:
            return
        for source in receiver.getSynchronizationSources():
            self._asked_at = now
            await receiver._send_rtcp_pli(source.source)

    # The origin's side.

    async def _publish(self) -> Publisher:
        return await Publisher.connect(
            self._settings.host,
            self._settings.rtmp_port,
            self._key,
            protocol="whip",
            address=self._address,
        )

    async def _follow(self) -> None:
        """Stay with the origin: when it was restarted come back, when it says no leave."""
        while True:
            assert self._publisher is not None
            reason = await self._publisher.ended
            if reason.code != "unreachable" or not await self._return():
                log.info("whip %s: %s", self._address, reason)
                await self.end()
                return

    async def _return(self) -> bool:
        assert self._publisher is not None
        await self._publisher.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._settings.to_return):
                while True:
                    try:
                        publisher = await self._publish()
                    except Rejected as rejected:
                        if rejected.code not in ("unreachable", "taken"):
                            return False
                        await asyncio.sleep(1)
                        continue
                    self._publisher = publisher
                    self._header, self._sound_told, self._waiting = None, False, True
                    self._key_at = None
                    return True
        return False

    def _send(self, kind: int, at: int, body: bytes) -> bool:
        """Whether it is on its way."""
        publisher = self._publisher
        if publisher is None or publisher.unsent > MOST_UNSENT:
            return False
        publisher.send(kind, at, body)
        return True

    def _take_picture(self, whole: Any) -> None:
        now = time.monotonic()
        found = self._pictures.take(whole.data)
        if found is None:
            return
        body, key = found
        if key:
            self._key_at = now
        at = self._lips.place(VIDEO, whole.timestamp / 90_000, now)
        if at is None or (self._waiting and not key):
            self._key_at = None
            return
        header = self._pictures.header
        if header is not None and header != self._header and self._send(VIDEO, at, header):
            self._header = header
        self._waiting = not self._send(VIDEO, at, body)

    def _take_sound(self, frame: Any) -> None:
        now = time.monotonic()
        if self._sound is None:
            self._sound = Sound()
        for media, body in self._sound.take(frame):
            at = self._lips.place(AUDIO, media, now)
            if at is None:
                continue
            if not self._sound_told:
                self._sound_told = self._send(AUDIO, at, self._sound.header)
            if self._sound_told:
                self._send(AUDIO, at, body)
