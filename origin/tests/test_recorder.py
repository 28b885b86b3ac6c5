"""Recordings: what was live stays, whatever happens to the disk or to the process."""

import errno
import io
import json
import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path

import av
import pytest

from origin.packager import Init, Packager
from origin.recorder import LOOK_SECONDS, RETRY_SECONDS, Archive, Busy, Recorder
from origin.replays import Index, playlist
from origin.tests.films import messages


class Desk:
    """A recorder fed by a packager, with a clock that stands until it is moved."""

    def __init__(self, folder: Path, free: int = 0) -> None:
        self.told: list[tuple[str, str, float]] = []
        self.at = 100.0
        self.recorder = Recorder(
            folder,
            free,
            lambda: 1_800_000_000.0,
            lambda *what: self.told.append(what),
            lambda: self.at,
        )
        self.packager = Packager(self.recorder)
        self.last = 0

    def film(self, seconds: float, size: tuple[int, int] = (320, 180)) -> None:
        """So much more of a programme."""
        offset = self.last
        for message in messages(seconds, size=size):
            at = message.at + offset
            self.packager.push(message._replace(at=at))
            self.last = max(self.last, at + 40)


def pictures(path: Path) -> int:
    """How many a player shows."""
    with av.open(io.BytesIO(path.read_bytes())) as file:
        return sum(1 for _frame in file.decode(video=0))


def test_a_programme_becomes_a_file_and_an_index(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "a")
    desk.film(4.0)
    desk.packager.flush()
    desk.recorder.finish()
    assert desk.told == [("finished", "001.mp4", pytest.approx(4.0))]
    assert desk.recorder.seconds == pytest.approx(4.0)
    assert pictures(tmp_path / "a" / "001.mp4") == 100
    head, *rows = (tmp_path / "a" / "001.jsonl").read_text().splitlines()
    content = (tmp_path / "a" / "001.mp4").read_bytes()
    assert content[4:8] == b"ftyp"
    place = json.loads(head)["init"]
    for row in map(json.loads, rows):
        assert row[0] == place
        assert content[place + 4 : place + 8] == b"moof"
        place += row[1]
    assert place == len(content)
    assert [json.loads(row)[3:5] for row in rows[:6]] == [
        [200, 3], [200, 0], [200, 0], [200, 0], [200, 0], [200, 3],
    ]  # fmt: skip


def test_other_headers_are_another_file_of_the_same_recording(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "a")
    desk.film(4.0)
    desk.film(4.0, (640, 360))
    desk.packager.flush()
    desk.recorder.finish()
    archive = Archive(tmp_path)
    assert [(each.name, each.seconds, each.growing) for each in archive.files("a")] == [
        ("001.mp4", 4.05, False),
        ("002.mp4", 4.0, False),
    ]
    lines = archive.playlist("a", "T").splitlines()
    inits = [
        json.loads((tmp_path / "a" / f"00{n}.jsonl").read_text().splitlines()[0])["init"]
        for n in (1, 2)
    ]
    assert [line for line in lines if "DISCONTINUITY" in line or "MAP" in line] == [
        f'#EXT-X-MAP:URI="001.mp4?w=T",BYTERANGE="{inits[0]}@0"',
        "#EXT-X-DISCONTINUITY",
        f'#EXT-X-MAP:URI="002.mp4?w=T",BYTERANGE="{inits[1]}@0"',
    ]
    assert [line for line in lines if not line.startswith("#")] == ["001.mp4?w=T", "002.mp4?w=T"]
    assert lines[-1] == "#EXT-X-ENDLIST"


def test_after_a_crash_at_most_the_last_part_is_missing_and_the_next_file_goes_on(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path / "a")
    desk.film(4.0)
    media, index = tmp_path / "a" / "001.mp4", tmp_path / "a" / "001.jsonl"
    # Killed between the writing of a part and of its line, both torn.
    media.write_bytes(media.read_bytes()[:-100])
    index.write_bytes(index.read_bytes()[:-9])
    archive = Archive(tmp_path)
    archive.mend("a")
    assert pictures(media) == 90
    again = Desk(tmp_path / "a")
    again.film(4.0)
    again.packager.flush()
    again.recorder.finish()
    assert [(each.name, each.seconds) for each in archive.files("a")] == [
        ("001.mp4", pytest.approx(3.6)),
        ("002.mp4", pytest.approx(4.0)),
    ]
    assert pictures(tmp_path / "a" / "002.mp4") == 100
    assert archive.playlist("a", "T").count("#EXTINF:3.600,") == 1
    desk.recorder.finish()


def test_less_room_than_is_to_stay_free_stops_the_recording_and_not_the_live(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path / "a", free=1 << 60)
    desk.film(4.0)
    assert desk.recorder.error == "disk_full"
    assert desk.told == [("disk_full", "", 0.0)]
    assert list((tmp_path / "a").iterdir()) == []
    assert desk.packager.frames == 100
    desk.recorder._free = 0
    desk.film(4.0)
    assert desk.recorder.error == "disk_full", "it is not tried again at once"
    desk.at += RETRY_SECONDS
    desk.film(4.0)
    desk.packager.flush()
    desk.recorder.finish()
    assert desk.recorder.error == ""
    assert [each[:2] for each in desk.told] == [
        ("disk_full", ""), ("resumed", "001.mp4"), ("finished", "001.mp4"),
    ]  # fmt: skip
    assert pictures(tmp_path / "a" / "001.mp4") == 100


def test_a_disk_that_fills_up_leaves_a_file_of_whole_parts(tmp_path: Path) -> None:
    """In a child, whose files may not grow past a limit: write(2) then fails as on a full disk."""

    def story() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        desk = Desk(tmp_path / "a")
        desk.film(4.0)
        resource.setrlimit(resource.RLIMIT_FSIZE, (desk.recorder._size + 1_000, 1 << 40))
        desk.film(4.0)
        assert desk.recorder.error == "disk_full"
        assert desk.told == [("disk_full", "001.mp4", desk.recorder.seconds)]
        assert desk.packager.frames == 200

    assert in_child(story) == 0
    media = tmp_path / "a" / "001.mp4"
    index = Index(media.with_suffix(".jsonl"))
    index.read()
    assert index.pieces[-1].offset + index.pieces[-1].size == media.stat().st_size
    assert index.seconds == pytest.approx(3.8)
    assert pictures(media) == 95


def in_child(story: Callable[[], None]) -> int:
    """The exit code of a child that runs a story."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            story()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_failing_disk_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(tmp_path / "a")
    desk.film(2.0)

    def broken(_path: object) -> os.statvfs_result:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "statvfs", broken)
    for _turn in range(3):
        desk.at += LOOK_SECONDS + RETRY_SECONDS
        desk.film(2.0)
    assert desk.recorder.error == "disk_error"
    assert [each[0] for each in desk.told] == ["disk_error"]


def test_erasing_waits_until_nothing_grows_and_touches_no_other(tmp_path: Path) -> None:
    for name in ("a", "b"):
        desk = Desk(tmp_path / name)
        desk.film(2.0)
        desk.packager.flush()
        desk.recorder.finish()
    archive = Archive(tmp_path)
    archive.growing.add("a")
    with pytest.raises(Busy):
        archive.erase("a")
    assert len(archive.files("a")) == 1
    archive.growing.clear()
    assert archive.erase("a")
    assert archive.files("a") == []
    assert not archive.erase("a")
    assert len(archive.files("b")) == 1


def test_an_index_is_read_as_it_grows(tmp_path: Path) -> None:
    path = tmp_path / "001.jsonl"
    path.write_bytes(b'{"init":10}\n[10,5,0,2000,3,1.0]\n[15,5,2000,')
    index = Index(path)
    index.read()
    assert (index.init, index.seconds, len(index.pieces)) == (10, 2.0, 1)
    with path.open("ab") as file:
        file.write(b"2000,3,3.0]\n[20,5,4000,2000,3,5.0]\n")
    index.read()
    index.read()
    assert [(each.offset, each.size, each.duration) for each in index.pieces] == [
        (10, 10, 4000),
        (20, 5, 2000),
    ]
    assert playlist([index], "T", growing=True).count("#EXTINF") == 1


def test_initialisation_alone_is_no_recording(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "a")
    desk.recorder.init(Init(0, b"init", (1, 1)))
    desk.recorder.finish()
    assert desk.told == []
    assert Archive(tmp_path).playlist("a", "T") == ""
