"""A stage for directors: a clock that is set by hand, cameras that play a score, a slate."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from origin.bus import AUDIO, VIDEO, Feed, Message
from origin.director import Director, NotLive
from origin.loops import Clip
from origin.slate import Slate

SLATE_BODY = 200  # the "camera" whose number the slate's bodies carry


def picture_header(camera: int) -> bytes:
    return bytes([0x17, 0, 0, 0, 0, camera])


def sound_header(camera: int) -> bytes:
    return bytes([0xAF, 0, camera])


def picture(camera: int, number: int, key: bool, shown_after: int = 0) -> bytes:
    first = 0x17 if key else 0x27
    return bytes([first, 1, *shown_after.to_bytes(3, signed=True), camera, *number.to_bytes(4)])


def sound(camera: int, number: int) -> bytes:
    return bytes([0xAF, 1, camera, *number.to_bytes(4)])


def slate_clip(number: int = SLATE_BODY) -> Clip:
    """One second: 10 pictures, the first one a key frame, and sound every 20 ms."""
    messages = [Message(VIDEO, i * 100, picture(number, i, i == 0)) for i in range(10)]
    messages += [Message(AUDIO, i * 20, sound(number, i)) for i in range(50)]
    messages.sort(key=lambda one: (one.at, one.kind == AUDIO))
    headers = (
        Message(VIDEO, 0, picture_header(number)),
        Message(AUDIO, 0, sound_header(number)),
    )
    return Clip(headers, tuple(messages), 1000)


@dataclass
class Camera:
    """`gop`: pictures from key to key; `clock`: its time at the beginning; `sound_late`: how long
    after its pictures a sound of the same moment is sent, in ms."""

    number: int
    frame: int = 40
    gop: int = 25
    clock: int = 0
    reorder: int = 0
    sound_every: int = 21
    sound_late: int = 0
    starts: float = 0.0
    lost: list[tuple[float, float]] = field(default_factory=list)
    tells: bool = True  # the inputs say so when it is gone

    def score(self, until: float) -> Iterator[tuple[float, int, int, bytes]]:
        """(seconds, kind, at, body), headers first and again after each loss."""
        for start in (self.starts, *(back for _gone, back in self.lost)):
            at = self.clock + round((start - self.starts) * 1000)
            yield start, VIDEO, at, picture_header(self.number)
            if self.sound_every:
                yield start, AUDIO, at, sound_header(self.number)
        since_key = 0
        for index, at, when in self._moments(self.frame, until):
            if self._away(when):
                since_key = 0
                continue
            shown_after = self.reorder * self.frame * (1 + since_key % 2)
            body = picture(self.number, index, since_key % self.gop == 0, shown_after)
            yield when, VIDEO, at, body
            since_key += 1
        for index, at, when in self._moments(self.sound_every, until):
            if not self._away(when):
                yield when + self.sound_late / 1000, AUDIO, at, sound(self.number, index)

    def _moments(self, every: int, until: float) -> Iterator[tuple[int, int, float]]:
        for index in range(round((until - self.starts) * 1000) // every if every else 0):
            yield index, self.clock + index * every, self.starts + index * every / 1000

    def _away(self, when: float) -> bool:
        return any(gone <= when < back for gone, back in self.lost)


class Stage:
    """Plays cameras and orders against a director; what came out is in `out`."""

    def __init__(self, *cameras: Camera, seconds: float = 10.0, **options: object) -> None:
        self.time = 0.0
        self.out: list[tuple[float, Message]] = []
        self.changes: list[int] = []
        self.cameras = {one.number: one for one in cameras}
        self.feeds = {one.number: Feed(f"s/{one.number}") for one in cameras}
        self.programme = Feed("s/programme")
        self.programme.listen(lambda message: self.out.append((self.time, message)))
        self.slate = Slate("s", slate_clip())
        self.director = Director(
            "s", self.programme, self.feeds, self.slate, lambda: self.time,
            self.changes.append, **options,  # type: ignore[arg-type]
        )  # fmt: skip
        self._events: list[tuple[float, int, Callable[[], object]]] = []
        self._seconds = seconds
        for camera in cameras:
            self._add(camera)
        for tick in range(int(seconds * 20)):
            self.at(tick / 20, self.director.tick)

    def _add(self, camera: Camera) -> None:
        feed, number = self.feeds[camera.number], camera.number
        for when, kind, at, body in camera.score(self._seconds):
            self.at(when, feed.push, Message(kind, at, body))
        if camera.tells:
            for gone, _back in camera.lost:
                self.at(gone, self.director.camera_state, number, "gone")

    def at(self, when: float, what: Callable[..., object], *given: object) -> None:
        """Something to happen; what was named first happens first."""
        self._events.append((when, len(self._events), partial(what, *given)))

    def cut(self, when: float, camera: int) -> None:
        self.at(when, self.director.cut, camera)

    def play(self) -> "Stage":
        for when, _order, what in sorted(self._events, key=lambda event: event[:2]):
            self.time = when
            what()
        return self

    def runs(self) -> list[tuple[int, list[tuple[float, Message]]]]:
        """Pictures in a row of one camera: (camera, [(seconds, picture)])."""
        runs: list[tuple[int, list[tuple[float, Message]]]] = []
        for when, message in self.out:
            if message.kind == VIDEO and not message.is_header:
                camera = message.payload[5]
                if not runs or runs[-1][0] != camera:
                    runs.append((camera, []))
                runs[-1][1].append((when, message))
        return runs


def shown(message: Message) -> int:
    """When a picture is to be seen, ms."""
    return message.at + int.from_bytes(message.payload[2:5], signed=True)


def random_stage(seed: int) -> Stage:
    """Six cameras with clocks, groups, sounds, losses of their own; cuts at any time."""
    dice = random.Random(seed)
    cameras = []
    for number in range(1, 7):
        gone = sorted(dice.uniform(0, 12) for _ in range(2 * dice.randint(0, 2)))
        cameras.append(
            Camera(
                number, frame=dice.choice([16, 33, 40, 66]), gop=dice.choice([5, 25, 60]),
                clock=dice.choice([0, 7, 90_000, 20_000_000]), reorder=dice.choice([0, 0, 1, 2]),
                sound_every=dice.choice([0, 21, 23]), sound_late=dice.choice([0, 60, 150]),
                starts=dice.uniform(0, 3), tells=dice.random() < 0.5,
                lost=list(zip(gone[::2], gone[1::2], strict=True)),
            )
        )  # fmt: skip
    stage = Stage(*cameras, seconds=12.0)
    for _ in range(dice.randint(0, 12)):
        stage.at(dice.uniform(0, 12), _try_cut, stage, dice.randint(0, 6))
    return stage


def _try_cut(stage: Stage, camera: int) -> None:
    before = stage.director.wanted
    try:
        stage.director.cut(camera)
    except NotLive:
        assert stage.director.wanted == before
