"""The demo's lives: three on air for whoever holds their keys, two that can be watched again."""

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from haishi.catalogue.tests.factories import ExhibitFactory
from haishi.config.demo import names
from haishi.config.demo.keys import key_of
from haishi.config.demo.load import lives
from haishi.config.demo.load.world import Scale, World
from haishi.config.env import env
from haishi.expo.tests.factories import ShownExhibitorFactory
from haishi.foundation import clock
from haishi.live import selectors
from haishi.live import services as live_services
from haishi.live.models import Camera, LiveSession, Recording
from haishi.parties.tests.factories import PersonFactory
from wire.live import hash_key

pytestmark = pytest.mark.django_db
CHECKER = Path(selectors.__file__).parents[1] / "static/live/verify_lottery.txt"


@pytest.fixture
def world() -> World:
    """Two booths with exhibits, and visitors."""
    now = clock.now().replace(microsecond=0)
    made = World(day_one=now - dt.timedelta(days=1), now=now, scale=Scale(firms=2, shown=2))
    for firm in names.organisations()[:2]:
        row = ShownExhibitorFactory(**({"edition": made.edition} if made.edition else {}))
        made.edition = row.edition
        made.exhibitors[firm.key] = row
        for _ in range(2):
            ExhibitFactory(
                exhibitor=row, product__organisation=row.organisation, product__state="listed"
            )
    made.visitors = [PersonFactory() for _ in range(6)]
    return made


def test_two_shows_and_a_walk_wait_for_the_drawn_pictures(world: World) -> None:
    lives.lives(world)
    running = LiveSession.objects.filter(state="gone").order_by("pk")
    assert [row.public_id for row in running] == [lives.TIDE, lives.LANTERN, lives.STREET]
    numbers = Camera.objects.filter(session__public_id=lives.STREET).values_list(
        "number", flat=True
    )
    assert sorted(numbers) == [1, 2, 3]
    camera = Camera.objects.get(session__public_id=lives.TIDE)
    assert camera.key_hash == hash_key(key_of(lives.TIDE, 1))
    assert selectors.route_of(running[2]).stations[3].after_seconds == 480
    assert live_services.end_overdue(world.now + dt.timedelta(days=29)) == 0


def test_switched_off_nothing_claims_to_be_on_air(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(env, "demo_live", False)
    lives.lives(world)
    assert {row.state for row in LiveSession.objects.all()} == {"ended"}


def test_what_is_over_plays_back_with_everything_at_its_second(
    world: World, tmp_path: Path, stranger: Any
) -> None:
    lives.lives(world)
    session = LiveSession.objects.get(public_id="demo-kiln")
    Recording.objects.create(
        session=session, name="001.mp4", state="finished", started_at=session.opened_at, seconds=180
    )
    LiveSession.objects.filter(pk=session.pk).update(replay="published")
    page = selectors.replay_page(stranger, "demo-kiln", "v", "localhost")
    kinds = [moment.kind for moment in page.moments]
    assert kinds == ["pin", "pin", "poll", "poll_closed", "lottery", "drawn"]
    assert [second for second, _words in page.chapters] == [0.0, 60.0, 130.0]
    lottery = selectors.lotteries_of(session, stranger)[0]
    path = tmp_path / "lottery.json"
    path.write_text(json.dumps(selectors.lottery_file(session, lottery.pk)))
    run = subprocess.run(
        [sys.executable, str(CHECKER), str(path)], capture_output=True, check=False
    )
    assert run.returncode == 0, run.stdout
