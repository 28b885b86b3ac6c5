"""A live while origin, gateway, message service and worker are killed: the picture comes back by
itself, no line is lost or shown twice, and the replay holds everything.
"""

import os
import signal
from collections.abc import Callable

import pytest

from journeys import broadcast, live_story
from journeys.broadcast import sees_it_move, sees_picture
from journeys.cast import LIN, PASSWORD, SU
from journeys.house import Installation, wait_for
from journeys.live_story import hears, says, sql
from journeys.reader import Reader

pytestmark = pytest.mark.journey
# The most that may happen to each, in the order in which a picture and a line need them.
VICTIMS = {"origin": "直播源", "gateway": "房间", "nats": "消息服务", "worker": "后台任务"}


def test_a_live_survives_the_loss_of_each_process(
    reader: Callable[..., Reader], house: Installation
) -> None:
    lin, su = reader("survives-host"), reader("survives-viewer")
    with lin.glance(), su.glance():
        lin.sign_in(LIN, PASSWORD)
        console = live_story.plans(lin, house, "不会断的直播")
        room = console.removesuffix("console/")
        server, key = live_story.takes_a_key(lin, console)
        with broadcast.camera(server, key):
            su.sign_in(SU, PASSWORD)
            live_story.has_a_signal(lin, console)
            live_story.goes_on_air(lin)
            lin.go("/desk/")  # its player would take its share of a small machine
            su.go(room)
            sees_it_move(su)
            su.page.evaluate("() => { window.untouched = true }")
            said = ["开播第一句"]
            says(su, said[0])
            hears(su, said[0])
            with su.broken():
                for victim, name in VICTIMS.items():
                    kill(house, victim)
                    goes_on(su, said, f"{name}回来以后")
            assert su.page.evaluate("() => window.untouched")
            live_story.ends(lin, console)
        is_put_away(house, room)
        live_story.publishes_the_replay(lin, console)
        replays(su, room, said)


def kill(house: Installation, victim: str) -> None:
    """As if by the machine itself; the supervisor brings it back."""
    before = house.children()[victim]
    os.kill(before["pid"], signal.SIGKILL)

    def back() -> bool:
        now = house.children()[victim]
        return now["restarts"] > before["restarts"] and now["state"] == "ready"

    wait_for(back)


def goes_on(one: Reader, said: list[str], text: str) -> None:
    """Without a reload: pictures move, a new line is taken, and the old ones stand there once."""
    sees_it_move(one, 60)
    says(one, text)
    said.append(text)
    for line in said:
        hears(one, line)


def is_put_away(house: Installation, room: str) -> None:
    """The worker, back again, has told the origin that it is over, and knows what was recorded."""
    query = "SELECT armed_gear FROM live_livesession WHERE public_id = %s"
    wait_for(lambda: sql(house, query, room.split("/")[2]) == [(0,)])


def replays(one: Reader, room: str, said: list[str]) -> None:
    """It plays, also beyond the loss of its origin, and every line is in it once and in order."""
    one.go(f"{room}replay/")
    one.use(one.page.locator(".stage-open"))
    sees_it_move(one)
    plays_past_the_loss(one)
    lines = f"{one.base}{room}replay/lines/?from=0&to=600"

    def told() -> list[str]:
        return [line["text"] for line in one.context.request.get(lines).json()["lines"]]

    # What a killed worker had been given comes again after ten seconds.
    wait_for(lambda: len(told()) >= len(said))
    assert told() == said


def plays_past_the_loss(one: Reader) -> None:
    """On from its middle, whose pictures were taken after the origin had been killed."""
    first = sees_picture(one).taken
    one.page.evaluate(
        """() => { const player = document.querySelector("hs-player");
          player.seek(Number(player.querySelector(".stage-time input").max) / 2) }"""
    )
    later = sees_picture(one, lambda now: now.taken > first + 8_000).taken
    sees_picture(one, lambda now: now.taken >= later + 2_000)
