"""Playlists keep what HLS promises, whatever the stream does (RFC 8216 and 8216bis)."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings

from origin import playlists
from origin.packager import Init, Packager, Part
from origin.segments import Ring, TooFar, Window
from origin.tests.films import messages
from origin.tests.test_packager import streams

NOW = 1_800_000_000.0


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> float:
        return self.at


class Promised:
    """A packager's promises."""

    target, part_target = 2, 0.21


def ring(window_ms: int = 16_000) -> Ring:
    """An empty one with promises."""
    made = Ring(Clock(), window_ms)
    made.promises = Promised()
    made.init(Init(0, b"init", (320, 180)))
    return made


def part(start: int, *, first: bool = False, broken: bool = False, init: int = 0) -> Part:
    """A part of a fifth of a second."""
    return Part(start, 200, b"part%d" % start, init, first, first, broken)


def fill(made: Ring, seconds: int, at: int = 0) -> None:
    """`seconds` segments of five parts each."""
    for number in range(at * 5, (at + seconds) * 5):
        made.part(part(200 * number, first=number % 5 == 0))


class Read:
    """A playlist as a player reads it."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()
        assert self.lines[0] == "#EXTM3U"
        self.target = int(self.value("TARGETDURATION"))
        self.first = int(self.value("MEDIA-SEQUENCE"))
        self.discontinuities = int(self.value("DISCONTINUITY-SEQUENCE"))
        self.part_target = float(self.value("PART-INF", "0").removeprefix("PART-TARGET="))
        # (uri, duration, discontinuities before it, its parts, map)
        self.segments: list[tuple[str, float, int, list[float], str]] = []
        self._walk()

    def value(self, name: str, default: str | None = None) -> str:
        found = [each for each in self.lines if each.startswith(f"#EXT-X-{name}:")]
        if not found and default is not None:
            return default
        assert len(found) == 1
        return found[0].partition(":")[2]

    def _walk(self) -> None:
        broken, parts, init, duration = self.discontinuities, [], "", 0.0
        self.open: list[float] = []
        for line in self.lines:
            if line == "#EXT-X-DISCONTINUITY":
                broken += 1
            elif line.startswith("#EXT-X-MAP"):
                init = line
            elif line.startswith("#EXT-X-PART:"):
                found = re.search(r"DURATION=([\d.]+)", line)
                assert found
                parts.append(float(found[1]))
            elif line.startswith("#EXTINF:"):
                duration = float(line[8:-1])
            elif not line.startswith("#"):
                self.segments.append((line, duration, broken, parts, init))
                parts = []
        self.open = parts


def test_the_low_latency_playlist_tells_parts_and_what_comes() -> None:
    made = ring()
    fill(made, 2)
    made.part(part(2_000, first=True))
    first = int(NOW)
    keys = {name: made.key(name) for name in (first, first + 1, first + 2, "init-0")}
    text = playlists.low_latency(made.window())
    assert text == (
        "#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:2\n"
        f"#EXT-X-MEDIA-SEQUENCE:{first}\n#EXT-X-DISCONTINUITY-SEQUENCE:{first % 3600}\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,HOLD-BACK=6,PART-HOLD-BACK=0.735\n"
        "#EXT-X-PART-INF:PART-TARGET=0.210\n"
        f'#EXT-X-MAP:URI="init-0.mp4?k={keys["init-0"]}"\n'
        + "".join(
            "#EXT-X-PROGRAM-DATE-TIME:2027-01-15T07:59:59.800Z\n".replace(
                "07:59:59.800", "07:59:59.800" if turn == 0 else "08:00:00.800"
            )
            + "".join(
                f'#EXT-X-PART:DURATION=0.200,URI="part-{first + turn}.{place}.m4s'
                f'?k={keys[first + turn]}"' + (",INDEPENDENT=YES" if place == 0 else "") + "\n"
                for place in range(5)
            )
            + f"#EXTINF:1.000,\nseg-{first + turn}.m4s?k={keys[first + turn]}\n"
            for turn in range(2)
        )
        + "#EXT-X-PROGRAM-DATE-TIME:2027-01-15T08:00:01.800Z\n"
        f'#EXT-X-PART:DURATION=0.200,URI="part-{first + 2}.0.m4s?k={keys[first + 2]}"'
        ",INDEPENDENT=YES\n"
        f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-{first + 2}.1.m4s?k={keys[first + 2]}"\n'
    )


def test_the_hint_names_the_next_segment_when_the_last_was_as_long() -> None:
    made = ring()
    fill(made, 3)
    number = int(NOW) + 3
    hint = f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-{number}.0.m4s?k={made.key(number)}"'
    assert playlists.low_latency(made.window()).splitlines()[-1] == hint


def test_the_plain_playlist_tells_whole_segments_alone() -> None:
    made = ring()
    fill(made, 3)
    read = Read(playlists.plain(made.window()))
    assert [(uri.partition("?")[0], duration) for uri, duration, *_rest in read.segments] == [
        (f"seg-{int(NOW)}.m4s", 1.0),
        (f"seg-{int(NOW) + 1}.m4s", 1.0),
    ]
    assert "PART" not in playlists.plain(made.window())


def test_a_playlist_that_ended_says_so_and_waits_for_nothing() -> None:
    made = ring()
    fill(made, 2)
    made.end()
    for text in (playlists.low_latency(made.window()), playlists.plain(made.window())):
        assert text.endswith("#EXT-X-ENDLIST\n")
        assert "PRELOAD-HINT" not in text
        assert len(Read(text).segments) == 2
    assert made.has(int(NOW) + 99, 0)


def test_what_slides_out_counts_its_discontinuity_and_can_still_be_fetched() -> None:
    made = ring(6_000)
    fill(made, 2)
    made.init(Init(1, b"other", (320, 180)))
    made.part(part(2_000, first=True, broken=True, init=1))
    for number in range(11, 60):
        made.part(part(200 * number, first=number % 5 == 0, init=1))
    read = Read(playlists.low_latency(made.window()))
    assert (read.first, read.discontinuities) == (int(NOW) + 3, int(NOW) % 3600 + 1)
    assert not any(line == "#EXT-X-DISCONTINUITY" for line in read.lines)
    old = made.segment(int(NOW) + 2)
    assert old is not None
    assert b"".join(each.content for each in old.parts).startswith(b"part2000")
    fill(made, 40, at=12)
    assert made.segment(int(NOW) + 2) is None
    assert 0 not in made.inits


def test_the_clock_is_the_streams_and_not_the_arrivals() -> None:
    made = ring()
    clock = made.now
    assert isinstance(clock, Clock)
    for number in range(15):
        # Parts come up to half a second late, and in bursts.
        clock.at = NOW + 0.2 * number + (0.5 if number % 4 else 0.0)
        made.part(part(200 * number, first=number % 5 == 0))
    told = [each for each in playlists.plain(made.window()).splitlines() if "DATE-TIME" in each]
    assert [each[-13:] for each in told] == ["07:59:59.800Z", "08:00:00.800Z"]
    # After a gap of ten seconds that the feed's clock did not count, it is set anew.
    clock.at = NOW + 20.2
    made.part(part(3_000, first=True))
    assert playlists.date_time(made.window().current.at) == "2027-01-15T08:00:20.000Z"  # type: ignore[union-attr]


def test_who_waits_for_a_part_gets_it_when_it_is_there() -> None:
    async def story() -> None:
        made = ring()
        fill(made, 2)
        number = int(NOW) + 1
        waits = [
            asyncio.create_task(made.reach(number + 1, 0, 5)),
            asyncio.create_task(made.reach(number, -1, 5)),
            asyncio.create_task(made.reach(number + 1, 1, 5)),
        ]
        await asyncio.sleep(0)
        assert made.waiting == 3
        made.part(part(2_000, first=True))
        await asyncio.sleep(0)
        assert [each.done() for each in waits] == [True, True, False]
        made.part(part(2_200))
        assert await asyncio.gather(*waits) == [True, True, True]
        assert made.waiting == 0
        assert not await made.reach(number + 1, 4, 0.01)
        assert made.waiting == 0

    asyncio.run(story())


def test_what_cannot_come_soon_is_refused() -> None:
    async def story() -> None:
        made = ring()
        fill(made, 2)
        with pytest.raises(TooFar):
            await made.reach(int(NOW) + 3, 0, 1)
        assert made.waiting == 0

    asyncio.run(story())


Write = Callable[[Window], str]
BOTH = (playlists.low_latency, playlists.plain)


def _growing(film: list[Any], write: Write) -> list[Read]:
    """The playlist after every message."""
    made = Ring(Clock(), 6_000)
    packager = Packager(made)
    made.promises = packager
    found: list[Read] = []
    version = -1
    for message in film:
        packager.push(message)
        if made.ready and made.version != version:
            version = made.version
            found.append(Read(write(made.window())))
    packager.flush()
    made.end()
    if made.ready:
        found.append(Read(write(made.window())))
    return found


def _keeps_its_promises(history: list[Read]) -> None:
    seen: dict[int, tuple[str, float, int, str]] = {}
    for before, read in zip([None, *history], history, strict=False):
        if before is not None:
            assert read.target == before.target
            assert read.first >= before.first
            assert read.part_target >= before.part_target
        for place, (uri, duration, broken, parts, init) in enumerate(read.segments):
            number = read.first + place
            assert uri.startswith(f"seg-{number}.m4s?k=")
            assert round(duration) <= read.target
            assert init
            # What was told once is told for ever.
            known = (uri, duration, broken, init)
            assert seen.setdefault(number, known) == known
            if parts:
                assert sum(parts) == pytest.approx(duration, abs=0.0005)
            assert all(each <= read.part_target + 0.0005 for each in parts)
        assert all(each <= read.part_target + 0.0005 for each in read.open)


@settings(max_examples=150, deadline=None)
@given(streams())
def test_whatever_comes_playlists_keep_their_promises(film: list[Any]) -> None:
    for write in BOTH:
        _keeps_its_promises(_growing(film, write))


def test_a_long_stream_with_every_trouble_keeps_its_promises() -> None:
    films = [messages(4.0), messages(3.0, size=(640, 360)), messages(12.0, group=125)]
    whole: list[Any] = []
    for gap, film in zip((40, 40, 5_000), films, strict=True):
        offset = (whole[-1].at + gap) if whole else 0
        whole += [each._replace(at=each.at + offset) for each in film]
    for write in BOTH:
        history = _growing(whole, write)
        assert len(history) > 80
        _keeps_its_promises(history)


def test_a_second_is_promised_to_players_of_whole_segments_and_two_to_those_of_parts() -> None:
    film = messages(6.0)
    plain, quick = (_growing(film, write)[-1] for write in reversed(BOTH))
    assert (plain.target, quick.target) == (1, 2)
    assert [each[1] for each in plain.segments] == [each[1] for each in quick.segments]
    assert "HOLD-BACK=6," in quick.value("SERVER-CONTROL")
