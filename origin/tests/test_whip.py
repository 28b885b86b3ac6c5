"""WHIP: a browser's pictures and sound reach the origin with the right times."""

import asyncio
import contextlib
import fractions
import itertools
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from types import SimpleNamespace

import aiohttp
import aioice.ice
import aiortc
import av
import pytest
from aiohttp import web
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamTrack

from origin.bus import AUDIO, VIDEO, Message
from origin.measures import read_aac, read_avc
from origin.tests.material import avc_header, parameter_sets, units
from origin.tests.servers import HOST, House, listening
from origin.whip.host import pass_pictures_through
from origin.whip.server import Hosts
from origin.whip.settings import Settings, read
from origin.whip.streams import Lips, Pictures, Sound, split

WIDTH, HEIGHT = 320, 180


class Camera(MediaStreamTrack):
    """25 pictures a second, in real time."""

    kind = "video"
    rate, step = 90_000, 3_600

    def __init__(self) -> None:
        super().__init__()
        self._number, self._began = 0, 0.0

    async def recv(self) -> av.VideoFrame | av.AudioFrame:
        loop = asyncio.get_running_loop()
        self._began = self._began or loop.time()
        due = self._began + self._number * self.step / self.rate
        if (wait := due - loop.time()) > 0:
            await asyncio.sleep(wait)
        frame = self._frame()
        frame.pts = self._number * self.step
        frame.time_base = fractions.Fraction(1, self.rate)
        self._number += 1
        return frame

    def _frame(self) -> av.VideoFrame | av.AudioFrame:
        frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes([self._number * 3 % 256]) * plane.buffer_size)
        return frame


class Microphone(Camera):
    """20 ms of a low tone at a time."""

    kind = "audio"
    rate, step = 48_000, 960

    def _frame(self) -> av.AudioFrame:
        frame = av.AudioFrame(format="s16", layout="stereo", samples=self.step)
        frame.sample_rate = self.rate
        frame.planes[0].update(b"\x00\x04\x00\xfc" * 480 + b"\x00\xfc\x00\x04" * 480)
        return frame


@pytest.fixture(autouse=True)
def _near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stay on this machine, and hand pictures through as the process does."""
    monkeypatch.setattr(aioice.ice, "get_host_addresses", lambda *_, **__: ["127.0.0.1"])
    monkeypatch.setattr(aiortc.rtcrtpreceiver, "get_decoder", aiortc.codecs.get_decoder)
    pass_pictures_through()


class Studio:
    """A WHIP process in front of a house, and a browser."""

    def __init__(self, house: House, http: aiohttp.ClientSession, url: str) -> None:
        self.house, self.http, self.url = house, http, url

    @contextlib.asynccontextmanager
    async def browser(
        self, *tracks: MediaStreamTrack, codec: str = "video/H264"
    ) -> AsyncIterator[RTCPeerConnection]:
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        for track in tracks:
            made = connection.addTransceiver(track, direction="sendonly")
            if track.kind == "video":
                known = aiortc.RTCRtpSender.getCapabilities("video")
                made.setCodecPreferences([c for c in known.codecs if c.mimeType == codec])
        try:
            yield connection
        finally:
            await connection.close()

    async def offer(
        self, connection: RTCPeerConnection, key: str = "key-1", path: str = "/whip"
    ) -> tuple[int, aiohttp.typedefs.LooseHeaders, str]:
        await connection.setLocalDescription(await connection.createOffer())
        headers = {"Content-Type": "application/sdp"}
        if path == "/whip":
            headers["Authorization"] = f"Bearer {key}"
        sdp = connection.localDescription.sdp
        async with self.http.post(self.url + path, data=sdp, headers=headers) as response:
            text = await response.text()
            if response.status == 201:
                await connection.setRemoteDescription(RTCSessionDescription(text, "answer"))
            return response.status, response.headers, text

    async def hosts(self) -> int:
        async with self.http.get(self.url + "/healthz") as response:
            return int((await response.json())["hosts"])


def play(story: Callable[[Studio], Awaitable[None]], **changes: object) -> None:
    async def whole() -> None:
        async with asyncio.timeout(60), listening() as house:
            settings = Settings(port=0, rtmp_port=house.port, **{"gop": 1.0, **changes})
            runner = web.AppRunner(Hosts(settings).application(), access_log=None)
            await runner.setup()
            site = web.TCPSite(runner, HOST, 0)
            await site.start()
            port = runner.addresses[0][1]
            try:
                async with aiohttp.ClientSession() as http:
                    await story(Studio(house, http, f"http://{HOST}:{port}"))
            finally:
                await runner.cleanup()

    asyncio.run(whole())


def bodies(heard: list[Message], kind: int) -> list[Message]:
    return [each for each in heard if each.kind == kind and not each.is_header]


def test_a_browser_publishes_picture_and_sound_and_leaves():
    async def story(studio: Studio) -> None:
        house = studio.house
        with house.heard(1) as heard:
            async with studio.browser(Camera(), Microphone()) as browser:
                status, headers, _ = await studio.offer(browser)
                assert status == 201
                await house.until(lambda: len(bodies(heard, VIDEO)) >= 75)
                status = house.inputs.cameras("s1")[1].status()
                assert (status.protocol, status.address) == ("whip", HOST)
                assert (status.width, status.height, status.audio) == (WIDTH, HEIGHT, True)
                async with studio.http.delete(studio.url + headers["Location"]) as response:
                    assert response.status == 200
                await house.until(lambda: house.told[-1] == (1, "gone", "closed"))
        assert house.told == [(1, "connecting", ""), (1, "live", ""), (1, "gone", "closed")]
        assert await studio.hosts() == 0
        pictures, sounds = bodies(heard, VIDEO), bodies(heard, AUDIO)
        assert pictures[0].is_key
        headers_of = {each.kind: each.payload for each in heard if each.is_header}
        assert read_avc(headers_of[VIDEO])[:2] == (WIDTH, HEIGHT)
        assert read_aac(headers_of[AUDIO]) == 2
        steps = [b.at - a.at for a, b in itertools.pairwise(pictures)]
        assert set(steps) <= {39, 40, 41}
        steps = [b.at - a.at for a, b in itertools.pairwise(sounds)]
        assert set(steps) <= {20, 21, 22, 23}
        keys = [each.at for each in pictures if each.is_key]
        gaps = [b - a for a, b in itertools.pairwise(keys)]
        assert gaps
        assert max(gaps) < 3_000  # one a second was asked for

    play(story)


def test_pictures_alone_are_enough_and_the_key_may_stand_in_the_path():
    async def story(studio: Studio) -> None:
        with studio.house.heard(2) as heard:
            async with studio.browser(Camera()) as browser:
                assert (await studio.offer(browser, path="/whip/key-2"))[0] == 201
                await studio.house.until(lambda: len(bodies(heard, VIDEO)) >= 5)
        assert not bodies(heard, AUDIO)

    play(story)


@pytest.mark.parametrize(
    ("key", "status", "code"), [("guess", 401, "unknown_key"), ("key-3", 409, "taken")]
)
def test_the_origin_decides_who_may(key: str, status: int, code: str):
    async def story(studio: Studio) -> None:
        studio.house.inputs.arrive("key-3", "rtmp", "10.0.0.1", lambda _code: None)
        told = list(studio.house.told)
        async with studio.browser(Camera()) as browser:
            found, _, text = await studio.offer(browser, key)
        assert found == status
        assert f'"code": "{code}"' in text
        assert await studio.hosts() == 0
        assert [each for each in studio.house.told if each not in told] in (
            [], [(3, "refused", "taken")],
        )  # fmt: skip

    play(story)


def test_a_browser_without_h264_is_told():
    async def story(studio: Studio) -> None:
        async with studio.browser(Camera(), codec="video/VP8") as browser:
            status, _, text = await studio.offer(browser)
        assert status == 422
        assert '"code": "offer"' in text
        await studio.house.until(lambda: studio.house.told[-1][1] == "gone")
        assert await studio.hosts() == 0

    play(story)


@pytest.mark.parametrize(
    ("body", "kind", "key", "status"),
    [
        ("v=0", "application/sdp", "key-1", 422),
        ("", "application/sdp", "key-1", 422),
        ("m=video x y z\r\na=", "application/sdp", "key-1", 422),
        ("{}", "application/json", "key-1", 415),
        ("v=0", "application/sdp", "", 401),
    ],
)
def test_what_is_no_offer_is_refused_and_leaves_nothing(
    body: str, kind: str, key: str, status: int
):
    async def story(studio: Studio) -> None:
        headers = {"Content-Type": kind, **({"Authorization": f"Bearer {key}"} if key else {})}
        async with studio.http.post(
            studio.url + "/whip", data=body.encode(), headers=headers
        ) as response:
            assert response.status == status
            assert (await response.json())["message"]
        assert await studio.hosts() == 0
        await studio.house.until(lambda: not studio.house.inputs.cameras("s1")[1].taken)

    play(story)


def test_there_is_room_for_so_many_and_no_more():
    async def story(studio: Studio) -> None:
        async with studio.browser(Camera()) as one, studio.browser(Camera()) as two:
            assert (await studio.offer(one))[0] == 201
            status, headers, text = await studio.offer(two, "key-2")
            assert (status, headers["Retry-After"]) == (503, "5")
            assert '"code": "too_many"' in text

    play(story, most_hosts=1)


def test_who_never_connects_is_forgotten():
    async def story(studio: Studio) -> None:
        async with studio.browser(Camera()) as browser:
            await browser.setLocalDescription(await browser.createOffer())
            headers = {"Content-Type": "application/sdp", "Authorization": "Bearer key-1"}
            async with studio.http.post(
                studio.url + "/whip", data=browser.localDescription.sdp, headers=headers
            ) as response:
                assert response.status == 201
            await studio.house.until(lambda: studio.house.told[-1] == (1, "gone", "closed"))
        assert await studio.hosts() == 0

    play(story, to_connect=0.1)


def test_who_is_kicked_is_gone_from_both_sides():
    async def story(studio: Studio) -> None:
        house = studio.house
        async with studio.browser(Camera()) as browser:
            await studio.offer(browser)
            await house.until(lambda: (1, "live", "") in house.told)
            house.inputs.cameras("s1")[1].kick("kicked")
            async with asyncio.timeout(10):
                while await studio.hosts():
                    await asyncio.sleep(0.02)
        assert house.told[-1] == (1, "gone", "kicked")

    play(story)


def test_a_browser_stays_when_the_origin_comes_back():
    async def story(studio: Studio) -> None:
        house = studio.house
        with house.heard(1) as heard:
            async with studio.browser(Camera()) as browser:
                await studio.offer(browser)
                await house.until(lambda: (1, "live", "") in house.told)
                house.door.cut()
                await house.until(lambda: house.told.count((1, "live", "")) == 2)
                count = len(heard)
                await house.until(lambda: len(heard) > count + 10)
        times = [each.at for each in bodies(heard, VIDEO)]
        assert times == sorted(set(times))
        assert await studio.hosts() in (0, 1)

    play(story)


def test_pages_of_others_may_not():
    async def story(studio: Studio) -> None:
        for page, allowed in (("https://expo.example", True), ("https://else.example", False)):
            headers = {"Origin": page, "Content-Type": "application/sdp"}
            async with studio.http.post(studio.url + "/whip", headers=headers) as response:
                assert response.status == (401 if allowed else 403)
                assert ("Access-Control-Allow-Origin" in response.headers) is allowed
            async with studio.http.options(studio.url + "/whip", headers=headers) as response:
                assert response.status == 204
                assert ("Access-Control-Allow-Origin" in response.headers) is allowed

    play(story, pages=frozenset({"https://expo.example"}))


def test_a_front_of_ours_says_whose_browser_it_is():
    hosts = Hosts(Settings(port=0, rtmp_port=0))
    for remote, said, expected in (
        ("127.0.0.1", "1.1.1.1, 203.0.113.7", "203.0.113.7"),
        ("203.0.113.9", "1.1.1.1", "203.0.113.9"),
        ("127.0.0.1", "", "127.0.0.1"),
    ):
        request = SimpleNamespace(remote=remote, headers={"X-Forwarded-For": said})
        assert hosts._address(request) == expected


# Without a browser.


def test_a_byte_stream_is_split_at_both_start_codes():
    assert split(b"\0\0\0\1\x67a\0\0\1\x68b\0\0\0\1\x65c\0\0") == [b"\x67a", b"\x68b", b"\x65c"]
    assert split(b"") == split(b"\0\0\1") == split(b"abc") == []


def test_pictures_wait_for_their_parameter_sets_and_follow_their_change():
    pictures = Pictures()
    assert pictures.take(b"\0\0\1\x41abc") is None
    for size in ((320, 180), (640, 360)):
        sps, pps = parameter_sets(*size)
        whole = b"".join(b"\0\0\0\1" + unit for unit in (b"\x09\x10", sps, pps, b"\x65key"))
        assert pictures.take(whole) == (b"\x17\1\0\0\0\0\0\0\4\x65key", True)
        assert pictures.header == avc_header(sps, pps)
        assert units(whole) == split(whole)
    assert pictures.take(b"\0\0\1\x41abc") == (b"\x27\1\0\0\0\0\0\0\4\x41abc", False)


def test_sound_keeps_its_time_across_a_gap():
    sound, found = Sound(), []
    for number in [*range(50), *range(100, 150)]:
        frame = av.AudioFrame(format="s16", layout="stereo", samples=960)
        frame.planes[0].update(bytes(frame.planes[0].buffer_size))
        frame.sample_rate, frame.pts = 48_000, number * 960
        found += sound.take(frame)
    times = [at for at, _ in found]
    assert times == sorted(times)
    assert times[0] == pytest.approx(-1024 / 48_000)
    assert sum(0.9 < b - a < 1.1 for a, b in itertools.pairwise(times)) == 1
    assert times[-1] == pytest.approx(2.92)


def test_reports_place_sound_and_picture_on_one_line():
    lips = Lips()
    assert lips.place(VIDEO, 0.0, 10.0) is None
    lips.report(VIDEO, 5_000.0, 1.0)
    assert lips.place(AUDIO, 0.0, 10.3) is None
    lips.report(AUDIO, 5_000.0, 1.25)
    assert lips.place(VIDEO, 1.0, 11.0) == 0
    assert lips.place(AUDIO, 1.25, 11.1) == 0
    assert lips.place(AUDIO, 1.5, 11.3) == 250
    lips.report(AUDIO, 6_000.0, 1.25)
    assert lips.place(AUDIO, 1.5, 11.3) == 250


def test_without_reports_arrival_decides_after_two_seconds():
    lips = Lips()
    assert lips.place(VIDEO, 0.0, 10.0) is None
    assert lips.place(AUDIO, 0.0, 10.5) is None
    assert lips.place(VIDEO, 2.0, 12.0) == 0
    assert lips.place(AUDIO, 1.5, 12.0) == 0
    assert Lips(frozenset({VIDEO})).place(VIDEO, 3.0, 10.0) == 0


def test_settings_say_what_is_wrong():
    assert read({"HAISHI_ORIGIN_WHIP_PORT": "9480"}) == Settings(port=9480, rtmp_port=1935)
    for port in ("", "0", "x", "70000"):
        with pytest.raises(SystemExit, match="HAISHI_ORIGIN_WHIP_PORT"):
            read({"HAISHI_ORIGIN_WHIP_PORT": port})


def test_the_process_says_what_is_missing():
    program = (
        "import sys; sys.modules['aiortc'] = None\n"
        "from origin.whip.__main__ import main; sys.exit(main())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 3
    assert "pip install 'haishi[whip]'" in done.stderr
