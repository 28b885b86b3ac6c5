"""Inputs on a clock that stands still, for tests of what comes in."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from origin.bus import Message
from origin.inputs import Input, Inputs, Refused
from wire.live import Camera, Session, hash_key

OPENS, CLOSES = 1_000.0, 5_000.0


class Desk:
    """Inputs on a clock that stands still, one session of two cameras, and what was told."""

    def __init__(self, **session: Any) -> None:
        self.at = OPENS + 100
        self.told: list[tuple[str, int, str, str]] = []
        self.kicked: list[str] = []
        self.inputs = Inputs(lambda: self.at, lambda *what: self.told.append(what), most=3)
        self.session = Session(
            id="s1",
            title="潮",
            cameras=[camera(1), camera(2)],
            opens_at=OPENS,
            closes_at=CLOSES,
            **session,
        )
        self.places = self.inputs.arm(self.session)

    def arrive(self, key: str = "key-1", address: str = "10.0.0.1") -> Input:
        return self.inputs.arrive(key, "rtmp", address, self.kicked.append)

    def rearm(self, *cameras: Camera, **changes: Any) -> None:
        self.inputs.arm(msgspec.structs.replace(self.session, cameras=list(cameras), **changes))

    def states(self) -> list[tuple[int, str, str]]:
        return [what[1:] for what in self.told]

    def play(self, place: Input, messages: Sequence[Message], shift: int = 0) -> None:
        """Push as it would come: the clock goes along with the picture."""
        began = self.at
        for each in messages:
            self.at = began + each.at / 1000
            place.push(each.kind, (each.at + shift) & 0xFFFFFFFF, each.payload)

    def wait(self, seconds: float) -> None:
        """Time goes by in ticks of a second."""
        until = self.at + seconds
        while self.at < until:
            self.at = min(self.at + 1, until)
            self.inputs.tick(self.at)


def camera(number: int, key: str = "", **more: Any) -> Camera:
    return Camera(
        number=number, label=f"机位{number}", key_hash=hash_key(key or f"key-{number}"), **more
    )


def refused(desk: Desk, key: str = "key-1", address: str = "10.0.0.1") -> str:
    """The code of a refusal that changed nothing."""
    before = [(each.state, each.since, each.taken) for each in desk.inputs]
    with pytest.raises(Refused) as caught:
        desk.arrive(key, address)
    assert [(each.state, each.since, each.taken) for each in desk.inputs] == before
    assert desk.kicked == []
    return caught.value.code
