"""Lotteries: committed to, one ticket each, drawn in an order that anybody can compute again."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from haishi.foundation import clock, draws
from haishi.foundation.errors import Conflict, Forbidden
from haishi.live import selectors, services
from haishi.live.errors import LotteryIsOpen, LotteryNotOpen, NotOnAir, OwnLottery
from haishi.live.models import Lottery, LotteryTicket, Moment
from haishi.parties.tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
CHECKER = Path(__file__).parents[1] / "static/live/verify_lottery.txt"


def opened(lin, session, winners=1):
    row = services.prepare_lottery(lin, session.pk, prize="青瓷小盏", winners=winners)
    return services.open_lottery(lin, session.pk, row.pk)


def test_an_order_is_the_same_for_everybody_and_known_beforehand_by_nobody():
    seed = "00" * 32
    tickets = ["AAAA", "BBBB", "CCCC"]
    assert draws.ranked(seed, tickets) == draws.ranked(seed, reversed(tickets))
    assert draws.ranked(seed, tickets) == ["CCCC", "BBBB", "AAAA"]
    assert draws.ranked(seed, [*tickets, "DDDD"])[:3] != draws.ranked(seed, tickets)


def test_a_person_has_one_ticket_and_the_firm_has_none(on_air, lin, zhou, stranger):
    row = opened(lin, on_air)
    first = services.take_part(stranger, on_air.pk, row.pk)
    assert services.take_part(stranger, on_air.pk, row.pk) == first
    with pytest.raises(OwnLottery):
        services.take_part(zhou, on_air.pk, row.pk)
    assert LotteryTicket.objects.count() == 1


def test_the_seed_is_secret_until_the_draw_and_the_file_checks_itself(
    on_air, lin, stranger, tmp_path
):
    row = opened(lin, on_air, winners=2)
    people = [stranger, *(PersonFactory() for _ in range(4))]
    for person in people:
        services.take_part(person, on_air.pk, row.pk)
    before = selectors.lottery_file(on_air, row.pk)
    assert "seed" not in before
    assert before["tickets"] == 5
    assert row.seed not in json.dumps([m.content for m in Moment.objects.all()])
    services.draw(lin, on_air.pk, row.pk)
    after = selectors.lottery_file(on_air, row.pk)
    assert after["commitment"] == before["commitment"]
    path = tmp_path / "lottery.json"
    path.write_text(json.dumps(after))
    command = [sys.executable, str(CHECKER), str(path)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    path.write_text(json.dumps({**after, "winning": after["winning"][::-1]}))
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1
    assert len(CHECKER.read_text().splitlines()) <= 20
    shown = selectors.lotteries_of(on_air, stranger)[0]
    assert list(shown.winning) == after["winning"]
    assert len(selectors.winners_of(row.pk)) == 2


def test_after_the_time_nobody_takes_part_and_the_clock_draws(on_air, lin, stranger):
    row = opened(lin, on_air)
    services.take_part(stranger, on_air.pk, row.pk)
    Lottery.objects.update(closes_at=clock.now())
    with pytest.raises(LotteryNotOpen):
        services.take_part(PersonFactory(), on_air.pk, row.pk)
    assert services.draw_due(clock.now()) == 1
    assert services.draw_due(clock.now()) == 0
    assert Lottery.objects.get().state == "drawn"
    assert LotteryTicket.objects.get().place == 1
    with pytest.raises(Conflict):
        services.draw(lin, on_air.pk, row.pk)


def test_one_lottery_at_a_time_and_only_on_air(on_air, planned, lin, stranger):
    opened(lin, on_air)
    second = services.prepare_lottery(lin, on_air.pk, prize="画册", winners=1)
    with pytest.raises(LotteryIsOpen):
        services.open_lottery(lin, on_air.pk, second.pk)
    early = services.prepare_lottery(lin, planned.pk, prize="画册", winners=1)
    with pytest.raises(NotOnAir):
        services.open_lottery(lin, planned.pk, early.pk)
    with pytest.raises(Forbidden):
        services.prepare_lottery(stranger, on_air.pk, prize="画册", winners=1)
    assert sorted(Lottery.objects.values_list("state", flat=True)) == ["draft", "draft", "open"]


def test_the_end_of_the_session_draws_what_is_open(on_air, lin, stranger):
    row = opened(lin, on_air)
    services.take_part(stranger, on_air.pk, row.pk)
    services.end(lin, on_air.pk)
    assert Lottery.objects.get().state == "drawn"
