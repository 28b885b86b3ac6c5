"""Prepared queries give what their querysets give, with SQL written once."""

import threading

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from haishi.foundation.models import AuditEntry, Hold, Outbox, Pool
from haishi.foundation.prepared import Given, Prepared, prepared_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def facts():
    made = [
        Outbox(label=label, payload={"n": number})
        for number, label in enumerate(["a.Opened", "a.Closed", "b.Opened"])
    ]
    return Outbox.objects.bulk_create(made)


def test_tuples_come_with_their_converters_and_new_values_each_time(facts):
    find = Prepared(
        lambda: Outbox.objects.filter(label=Given("label")).values_list("payload", "label")
    )
    assert find(label="a.Closed") == [({"n": 1}, "a.Closed")]
    assert find(label="b.Opened") == [({"n": 2}, "b.Opened")]
    assert find(label="none") == []


def test_instances_lists_and_first(facts):
    find = Prepared(lambda: Outbox.objects.filter(pk__among=Given("ids")).order_by("-pk"))
    assert find(ids=[facts[0].pk, facts[2].pk]) == [facts[2], facts[0]]
    assert find.first(ids=[facts[1].pk]) == facts[1]
    assert find.first(ids=[]) is None


def test_related_rows_come_along():
    pool = Pool.objects.create(kind="door", capacity=3)
    Hold.objects.create(pool=pool, holder="p:1", quantity=1, key="k")
    find = Prepared(lambda: Hold.objects.filter(pool=Given("pool")).select_related("pool"))
    with CaptureQueriesContext(connection) as seen:
        assert find(pool=pool.pk)[0].pool.capacity == 3
    assert len(seen) == 1


def test_each_shape_is_written_once(facts):
    written = []

    @prepared_by
    def newest(number: int):
        written.append(number)
        return Outbox.objects.order_by("-pk").values_list("pk", flat=True)[:number]

    assert newest(2)() == [facts[2].pk, facts[1].pk]
    assert newest(2)() == [facts[2].pk, facts[1].pk]
    assert newest(1)() == [facts[2].pk]
    assert written == [2, 1]


def test_a_value_that_is_missing_is_named_and_prefetching_is_refused(facts):
    find = Prepared(lambda: Outbox.objects.filter(label=Given("label")))
    with pytest.raises(KeyError, match="label"):
        find()
    with pytest.raises(ValueError, match="prefetch"):
        Prepared(lambda: AuditEntry.objects.prefetch_related("link"))()


@pytest.mark.django_db(transaction=True)
def test_threads_use_their_own_connections(facts):
    find = Prepared(lambda: Outbox.objects.order_by("pk").values_list("label", flat=True))
    find()
    found: list[list[str]] = []

    def read() -> None:
        found.append(find())
        connections.close_all()

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [["a.Opened", "a.Closed", "b.Opened"]] * 4
