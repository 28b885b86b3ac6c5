"""The whole origin: publishers in, viewers out, orders obeyed, events told, crashes survived."""

import asyncio
import io
import time
from pathlib import Path

import av
import pytest

from origin.assembly import Origin
from origin.rtmp.publisher import Publisher, Rejected
from origin.tests.films import messages
from origin.tests.house import (
    PATIENCE,
    House,
    at,
    kinds,
    session,
)
from wire.live import Camera


def test_a_publisher_goes_live_is_watched_and_recorded(tmp_path: Path, slates: Path) -> None:
    async def story(house: House, _origin: Origin) -> None:
        await house.arm()
        assert (await house.status()).state == "idle"
        assert (await house.get("/live/a/programme/index.m3u8"))[0] in (404, 200)
        publisher = await house.publish()
        found = await house.until(lambda status: status.state == "live")
        assert (found.source, found.cameras[0].state) == (1, "live")
        assert abs(found.began_at - time.time()) < 30
        status, text = await house.get("/live/a/programme/index.m3u8")
        assert status == 200
        assert b"#EXT-X-PART:" in text
        found = await house.until(lambda status: status.recorded_seconds >= 3.7)
        assert found.viewers == 1
        await publisher.close()
        await house.order("POST", "/control/sessions/a/end", {})
        assert (await house.status()).state == "ended"
        _status, text = await house.get("/live/a/programme/plain.m3u8")
        assert text.endswith(b"#EXT-X-ENDLIST\n")
        status, text = await house.get("/recordings/a/index.m3u8")
        assert b"PLAYLIST-TYPE:VOD" in text
        _status, rows = await house.order("GET", "/control/recordings/a")
        assert [(row["name"], row["growing"]) for row in rows] == [("001.mp4", False)]
        status, content = await house.get("/recordings/a/001.mp4")
        with av.open(io.BytesIO(content)) as file:
            assert sum(1 for _frame in file.decode(video=0)) == 100
        async with asyncio.timeout(PATIENCE):
            while "recording" not in kinds(house.hook):
                await asyncio.sleep(0.02)

    hook = at(tmp_path, slates, story)
    assert kinds(hook, 0)[:3] == ["connecting", "cut", "live"]
    assert [each.number for each in hook.events] == list(range(1, len(hook.events) + 1))
    told = next(each for each in hook.events if each.kind == "recording")
    assert (told.code, told.name) == ("finished", "001.mp4")


def test_orders_are_signed_and_make_sense(tmp_path: Path, slates: Path) -> None:
    async def story(house: House, origin: Origin) -> None:
        path = "/control/sessions/a"
        assert await house.order("PUT", path, session(), key=bytes(32)) == (
            401, {"error": "signature"},
        )  # fmt: skip
        assert origin.lives.all() == []
        for content, status in (
            ({"id": "a"}, 400),
            (session(id="b"), 422),
            (session(title="长" * 301), 422),
            (session(delay=-1.0), 422),
            (session(closes_at=0.0), 422),
            (session(cameras=[]), 200),
            (session(cameras=[Camera(number=9, label="", key_hash="x")]), 422),
        ):
            found, answer = await house.order("PUT", path, content)
            assert found == status, answer
        await house.arm()
        for method, place, content, answer in (
            ("GET", "/control/sessions/b", None, (404, {"error": "session"})),
            ("POST", f"{path}/cut", {"camera": 7}, (404, {"error": "camera"})),
            ("POST", f"{path}/cut", {}, (400, {"error": "unreadable"})),
            ("POST", f"{path}/kick", {"camera": 7}, (404, {"error": "camera"})),
            ("POST", f"{path}/targets/x", {"wanted": True}, (404, {"error": "target"})),
            ("POST", f"{path}/targets", {"wanted": True}, (404, {"error": "unknown"})),
            ("GET", f"{path}/cut", None, (405, {"error": "method"})),
            ("POST", "/control/sessions", {}, (405, {"error": "method"})),
            ("GET", "/control/other", None, (404, {"error": "unknown"})),
            ("DELETE", "/control/recordings/b", None, (404, {"error": "recording"})),
        ):
            await house.until(lambda _status: origin.lives.get("a").programme is not None)
            assert await house.order(method, place, content) == answer, place
        assert await house.order("POST", f"{path}/cut", {"camera": 2}) == (
            409, {"error": "not_live"},
        )  # fmt: skip
        assert (await house.order("DELETE", path))[0] == 204
        assert (await house.order("DELETE", path))[0] == 404
        assert (await house.order("GET", "/control/sessions"))[1] == {"sessions": []}

    at(tmp_path, slates, story)


def test_a_cut_shows_the_other_camera_and_an_angle_can_be_chosen(
    tmp_path: Path, slates: Path
) -> None:
    async def story(house: House, origin: Origin) -> None:
        await house.arm(grace=600.0)
        await house.until(lambda _status: origin.lives.get("a").programme is not None)
        lines = [await house.publish(1), await house.publish(2, size=(640, 360))]
        await house.until(lambda status: status.cameras[1].state == "live")
        status, _answer = await house.order("POST", "/control/sessions/a/cut", {"camera": 2})
        assert status == 200
        for message in messages(4.0, size=(640, 360)):
            if not message.is_header:
                lines[1].send(message.kind, message.at + 4_040, message.payload)
        await house.until(lambda status: status.source == 2)
        wait = asyncio.create_task(house.get("/live/a/2/index.m3u8"))
        angle = origin.lives.get("a").stream("2", private=False)
        assert angle is not None
        while not angle.running:
            await asyncio.sleep(0)
        for message in messages(4.0, size=(640, 360)):
            if not message.is_header:
                lines[1].send(message.kind, message.at + 8_080, message.payload)
        assert (await wait)[0] == 200
        assert (await house.get("/live/a/1/index.m3u8"))[0] == 404
        for line in lines:
            await line.close()

    hook = at(tmp_path, slates, story)
    assert [each.code for each in hook.events if each.kind == "cut"][:2] == ["1", "2"]


def test_a_kicked_publisher_and_a_wrong_key_are_turned_away(tmp_path: Path, slates: Path) -> None:
    async def story(house: House, _origin: Origin) -> None:
        await house.arm()
        with pytest.raises(Rejected) as refused:
            await Publisher.connect("127.0.0.1", house.rtmp, "wrong")
        assert refused.value.code == "unknown_key"
        publisher = await house.publish()
        await house.until(lambda status: status.cameras[0].state == "live")
        assert (await house.order("POST", "/control/sessions/a/kick", {"camera": 1}))[0] == 200
        async with asyncio.timeout(PATIENCE):
            await publisher.ended
        await publisher.close()
        await house.until(lambda status: status.cameras[0].state == "gone")

    at(tmp_path, slates, story)


def test_a_programme_that_lost_its_cameras_ends_after_its_grace_and_may_begin_again(
    tmp_path: Path, slates: Path
) -> None:
    async def story(house: House, origin: Origin) -> None:
        await house.arm(grace=0.0)
        publisher = await house.publish()
        await house.until(lambda status: status.state == "live")
        await publisher.close()
        await house.until(lambda status: status.state == "ended")
        _status, text = await house.get("/live/a/programme/plain.m3u8")
        assert text.endswith(b"#EXT-X-ENDLIST\n")
        live = origin.lives.get("a")
        former = live.programme
        again = await house.publish()
        await house.until(lambda _status: live.programme not in (None, former))
        for message in messages(4.0):
            if not message.is_header:
                again.send(message.kind, message.at + 4_040, message.payload)
        await house.until(lambda status: status.state == "live" and status.recorded_seconds > 6)
        await again.close()

    hook = at(tmp_path, slates, story)
    states = [each.kind for each in hook.events if each.camera == 0 and each.kind != "cut"]
    assert states[:4] == ["connecting", "live", "ended", "recording"] or (
        states[:4] == ["connecting", "live", "recording", "ended"]
    )


def test_delay_holds_pictures_back_and_leaves_their_time_alone(
    tmp_path: Path, slates: Path
) -> None:
    async def story(house: House, origin: Origin) -> None:
        await house.arm(delay=1.0)
        await house.until(lambda _status: origin.lives.get("a").programme is not None)
        sent = time.time()
        publisher = await house.publish()
        found = await house.until(lambda status: status.began_at > 0)
        seen = time.time()
        assert seen - sent >= 1.0
        assert found.began_at <= seen - 1.0
        await publisher.close()

    at(tmp_path, slates, story)


def test_another_title_is_another_slate_and_the_programme_goes_on(
    tmp_path: Path, slates: Path
) -> None:
    async def story(house: House, origin: Origin) -> None:
        await house.arm()
        live = origin.lives.get("a")
        await house.until(lambda _status: live.programme is not None)
        programme = live.programme
        assert programme is not None
        slate = programme.director.slate
        await house.arm()
        assert programme.director.slate is slate
        await house.arm(slate=" ")
        await house.until(lambda _status: programme.director.slate is not slate)
        assert live.programme is programme

    at(tmp_path, slates, story)


def test_a_session_ends_with_its_time_and_is_forgotten_a_day_later(
    tmp_path: Path, slates: Path
) -> None:
    async def story(house: House, origin: Origin) -> None:
        await house.arm()
        publisher = await house.publish()
        await house.until(lambda status: status.state == "live")
        live = origin.lives.get("a")
        later = live.session.closes_at - time.time()
        real = origin.now
        object.__setattr__(live.house, "now", lambda: real() + later)
        origin.lives.tick_second()
        assert (live.state, live.over) == ("ended", True)
        async with asyncio.timeout(PATIENCE):
            await publisher.ended
        await publisher.close()
        object.__setattr__(live.house, "now", lambda: real() + later + 86_401)
        origin.lives.tick_second()
        assert origin.lives.all() == []
        assert len(origin.archive.files("a")) == 1

    at(tmp_path, slates, story)


def test_browsers_are_passed_on_to_a_process_of_their_own_while_something_is_armed(
    tmp_path: Path, slates: Path
) -> None:
    async def story(house: House, _origin: Origin) -> None:
        url = f"http://127.0.0.1:{house.http}/whip/a/1"
        sdp = {"Content-Type": "application/sdp", "Authorization": "Bearer key-1"}
        async with house.client.post(url, data="v=0", headers=sdp) as answer:
            assert (answer.status, await answer.json()) == (503, {"error": "not_open"})
        await house.arm()
        async with house.client.post(url, data="v=0", headers=sdp) as answer:
            assert (answer.status, (await answer.json())["code"]) == (422, "offer")
        async with house.client.post(url, data=b"x" * 70_000, headers=sdp) as answer:
            assert answer.status == 413
        async with house.client.delete(url.replace("a/1", "sessions/none")) as answer:
            assert answer.status == 404

    at(tmp_path, slates, story)


def test_health_and_figures_are_told(tmp_path: Path, slates: Path) -> None:
    async def story(house: House, _origin: Origin) -> None:
        await house.arm()
        assert (await house.get("/healthz")) == (200, b"ok")
        await house.get("/live/b/programme/index.m3u8")
        _status, text = await house.get("/metrics")
        lines = text.decode().splitlines()
        assert 'haishi_origin_refused_total{status="403",code="session"} 1' in lines
        assert 'haishi_origin_sessions{state="idle"} 1' in lines
        assert "haishi_origin_viewers 0" in lines

    at(tmp_path, slates, story)
