"""Launches of the demo edition: each stage is there, units are kept, draws and papers hold."""

import datetime as dt
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from haishi.config.demo import load
from haishi.config.tests.test_demo_load import noon, quietly
from haishi.foundation import audit
from haishi.foundation.models import Hold, Pool
from haishi.foundation.types import SYSTEM
from haishi.launches import selectors
from haishi.launches.models import Allotment, Certificate, Claim, Launch, Reservation
from haishi.media import selectors as media

pytestmark = pytest.mark.django_db
SCRIPT = Path(__file__).resolve().parents[3] / "tools" / "verify_draw.py"
SCALE = load.Scale(
    firms=20, shown=18, past=2, visitors=60, cards=20, exchanges=4, enquiries=12, sessions=6,
    launches=54, clips=0, brochures=0, sharpness=0.06,
)  # fmt: skip


def confirmed(allotment: Allotment, folder: Path) -> str:
    """What the public script says about a draw."""
    file = folder / "draw.json"
    file.write_text(json.dumps(selectors.draw_file(allotment)))
    command = [sys.executable, "-I", str(SCRIPT), str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_launches_are_over_live_minutes_away_and_on_desks_and_nothing_is_oversold(tmp_path):
    now = noon()
    load.load(quietly, SCALE, now)
    states = Counter(Launch.objects.values_list("state", flat=True))
    assert states == {
        "live": 8, "announced": 33, "closed": 7, "under_review": 3, "draft": 2, "embargoed": 1,
    }  # fmt: skip
    soon = Launch.objects.filter(state="announced", unveil_at__lte=now + dt.timedelta(minutes=10))
    assert soon.count() == 2
    for pool in Pool.objects.filter(kind__startswith="launch:"):
        holds = Hold.objects.filter(pool=pool, state__in=("held", "confirmed"))
        assert holds.count() == pool.taken <= pool.capacity
    won = Claim.objects.filter(state="won", person__email="visitor@haishi.example")
    assert won.filter(pay_by__gt=now).count() == won.count() > 0
    assert Launch.objects.get(pk=won.first().allotment.launch_id).state == "live"
    decided = Allotment.objects.exclude(decided_at=None)
    assert decided.exists()
    for allotment in decided:
        asked = allotment.claims.count()
        winners = min(asked, allotment.quota)
        assert confirmed(allotment, tmp_path) == (
            f"{asked} tickets, {winners} winners: the draw is right\n"
        )
    audit.seal(limit=100_000)
    for row in Certificate.objects.all():
        assert selectors.check_certificate(SYSTEM, row.number).valid
    assert Certificate.objects.count() == 7
    shown = {pk for row in Launch.objects.all() for pk in (row.teaser_asset_id, *row.sealed_ids)}
    assert len(media.assets([pk for pk in shown if pk])) == len(shown - {None})
    assert selectors.hall_page({}).ranking[0][1] > 0
    teasers = Launch.objects.values_list("teaser", flat=True)
    assert len(set(teasers)) == len(teasers)
    for row in Launch.objects.all():
        assert Reservation.objects.filter(launch=row).count() == row.reservations
        assert row.name_en
