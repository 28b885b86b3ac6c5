"""The house's own promises: facts arrive, the log is sealed, money and time are exact."""

import datetime as dt
from dataclasses import dataclass

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from haishi.foundation import audit, clock, events, once, outbox, signing, text
from haishi.foundation.errors import Conflict, Invalid, Stale
from haishi.foundation.models import AuditEntry, AuditLink, Outbox, Submission
from haishi.foundation.money import Money, split
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM


@dataclass(frozen=True)
class LampLit(events.Event):
    lamp_id: int


@pytest.fixture
def heard():
    """What a subscriber of LampLit heard; the subscription ends with the test."""
    seen = []
    events.SUBSCRIBERS[LampLit.label()]["test.hear"] = seen.append
    yield seen
    events.SUBSCRIBERS.pop(LampLit.label())


def ours(row):
    """Subscribers of these tests that are done; modules above listen to everything as well."""
    return [name for name in row.done if name.startswith("test.")]


@service
def light(lamp_id, fail=False):
    outbox.publish(LampLit(lamp_id=lamp_id))
    if fail:
        raise Conflict


@pytest.mark.django_db
def test_a_fact_is_heard_after_delivery_and_its_row_leaves(heard):
    light(7)
    assert heard == []
    assert outbox.deliver_due() == 1
    assert heard == [LampLit(lamp_id=7)]
    assert not Outbox.objects.exists()


@pytest.mark.django_db
def test_a_refused_service_states_no_fact(heard):
    with pytest.raises(Conflict):
        light(7, fail=True)
    assert not Outbox.objects.exists()


@pytest.mark.django_db
def test_publishing_outside_a_service_is_a_bug():
    with pytest.raises(AssertionError):
        outbox.publish(LampLit(lamp_id=1))


@pytest.mark.django_db
def test_a_failing_subscriber_does_not_repeat_the_others_and_is_parked_at_last(heard):
    def break_down(event):
        raise RuntimeError("bulb")

    events.SUBSCRIBERS[LampLit.label()]["test.zzz"] = break_down
    light(7)
    for _ in range(outbox.PARK_AFTER):
        Outbox.objects.update(next_try_at=clock.now() - dt.timedelta(seconds=1))
        assert outbox.deliver_due() == 0

    row = Outbox.objects.get()
    assert heard == [LampLit(lamp_id=7)]
    assert (row.parked, row.failures, ours(row)) == (True, outbox.PARK_AFTER, ["test.hear"])
    assert row.last_error == "test.zzz: RuntimeError: bulb"


@pytest.mark.django_db
def test_a_failing_subscriber_does_not_keep_the_fact_from_those_behind_it(heard):
    def break_down(event):
        raise RuntimeError("bulb")

    listeners = events.SUBSCRIBERS[LampLit.label()]
    listeners.clear()
    listeners.update({"test.first": break_down, "test.second": heard.append})

    light(7)

    assert outbox.deliver_due() == 0
    assert heard == [LampLit(lamp_id=7)]
    assert ours(Outbox.objects.get()) == ["test.second"]


@service
def note(word, row=None):
    audit.record(SYSTEM, word, row)


@pytest.mark.django_db
def test_the_chain_holds_and_shows_the_first_link_that_was_tampered_with():
    for word in ("one", "two", "three"):
        note(word)
    assert audit.seal() == 3
    assert audit.verify() == (3, None)

    second = AuditLink.objects.get(sequence=2)
    with transaction.atomic():
        from django.db import connection

        with connection.cursor() as cursor:  # as a database owner could: triggers off
            cursor.execute("ALTER TABLE foundation_auditentry DISABLE TRIGGER USER")
            cursor.execute(
                "UPDATE foundation_auditentry SET action='x' WHERE id=%s", [second.entry_id]
            )
            cursor.execute(
                "ALTER TABLE foundation_auditentry ENABLE TRIGGER audit_entry_append_only"
            )
    assert audit.verify() == (1, 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [lambda: AuditEntry.objects.update(action="x"), lambda: AuditEntry.objects.all().delete()],
)
def test_the_log_refuses_change_and_removal(change):
    note("one")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change()
    assert AuditEntry.objects.get().action == "one"


@pytest.mark.django_db
def test_a_stale_editor_is_told_who_changed_what(lin, organiser):
    row = organiser

    @service
    def edit(seen, **changes):
        return audit.save_edited(lin, "edited", row, seen, **changes)

    assert edit(1, name="新名") == ["name"]
    assert row.version == 2
    with pytest.raises(Stale) as refusal:
        edit(1, name="又一名")
    assert "林海 已修改了单位名称" in str(refusal.value)
    row.refresh_from_db()
    assert (row.name, row.version) == ("新名", 2)


@pytest.mark.django_db
def test_an_edit_that_changes_nothing_leaves_no_trace(lin, organiser):
    row = organiser

    @service
    def edit():
        return audit.save_edited(lin, "edited", row, 1, name=row.name)

    assert edit() == []
    assert (row.version, AuditEntry.objects.count()) == (1, 0)


@pytest.mark.django_db
def test_the_same_key_has_one_effect_and_a_different_request_is_refused():
    calls = []
    action = lambda: calls.append(1) or len(calls)  # noqa: E731
    assert once.run("form", "k", action, "a") == (1, False)
    assert once.run("form", "k", action, "a") == (1, True)
    with pytest.raises(once.KeyReused):
        once.run("form", "k", action, "b")
    assert (calls, Submission.objects.count()) == ([1], 1)


@pytest.mark.django_db
def test_an_action_that_failed_may_be_tried_again_with_its_key():
    def refuse():
        raise Conflict

    with pytest.raises(Conflict):
        once.run("form", "k", refuse)
    assert once.run("form", "k", lambda: 5) == (5, False)


@given(
    total=st.integers(-(10**12), 10**12),
    weights=st.lists(st.integers(0, 10**6), min_size=1, max_size=9),
)
def test_a_split_sums_to_the_total_and_is_within_one_unit_of_fair(total, weights):
    if sum(weights) == 0:
        with pytest.raises(Invalid):
            split(total, weights)
        return
    shares = split(total, weights)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share * sum(weights) - total * weight) < sum(weights)


def test_a_tie_goes_to_the_named_receiver():
    assert split(100, [1, 1, 1], remainder_to=2) == [33, 33, 34]
    assert split(-100, [1, 1, 1]) == [-34, -33, -33]


@pytest.mark.parametrize(
    ("typed", "minor"), [("1,280.50", 128050), ("0.01", 1), (" 12 ", 1200), ("1，000", 100000)]
)
def test_money_reads_what_people_type(typed, minor):
    assert Money.parse(typed) == Money(minor)


@pytest.mark.parametrize("typed", ["", "1.001", "abc", "NaN", "1e999", "∞"])
def test_money_refuses_what_is_not_an_amount(typed):
    with pytest.raises(Invalid):
        Money.parse(typed)


def test_money_shows_symbol_grouping_and_places():
    assert str(Money(128050)) == "¥1,280.50"
    assert str(Money(-5)) == "−¥0.05"
    assert str(Money(1280, "JPY")) == "JPY 1,280"


def test_intervals_that_touch_do_not_overlap():
    at = lambda hour: dt.datetime(2026, 4, 6, hour, tzinfo=dt.UTC)  # noqa: E731
    assert not clock.Interval(at(9), at(10)).overlaps(clock.Interval(at(10), at(11)))
    assert clock.Interval(at(9), at(11)).overlaps(clock.Interval(at(10), at(12)))
    with pytest.raises(Invalid):
        clock.Interval(at(10), at(10))


def test_times_that_daylight_saving_skips_or_repeats_are_refused():
    assert clock.instant(dt.datetime(2026, 4, 6, 9), "Asia/Shanghai") == dt.datetime(
        2026, 4, 6, 1, tzinfo=dt.UTC
    )
    with pytest.raises(Invalid, match="不存在"):
        clock.instant(dt.datetime(2026, 3, 29, 2, 30), "Europe/Berlin")
    with pytest.raises(Invalid, match="两次"):
        clock.instant(dt.datetime(2026, 10, 25, 2, 30), "Europe/Berlin")


def test_a_signature_serves_one_purpose_only():
    signed = signing.sign("badge", "12")
    assert signing.unsign("badge", signed) == "12"
    assert signing.unsign("card", signed) is None
    assert signing.unsign("badge", signed[:-1] + ("A" if signed[-1] != "A" else "B")) is None


def test_text_is_composed_and_printable():
    assert text.clean(" cafe\u0301\r\n\x00\u202e ") == "café"
    assert text.is_broken("a\ud800b")
    assert not text.is_broken("海市\t\n")
