"""Nothing scarce is given twice, whoever asks at the same time."""

import datetime as dt
import threading

import pytest
from django.db import connection, connections

from haishi.foundation import clock, scarcity
from haishi.foundation.models import Hold, Pool, PoolHolder
from haishi.foundation.scarcity import HolderCapReached, HoldGone, SoldOut
from haishi.foundation.states import HoldState


def at_once(number, work):
    """Run `work(i)` in `number` threads that start together; returns their answers or errors."""
    barrier, answers = threading.Barrier(number), [None] * number

    def run(i):
        try:
            barrier.wait()
            answers[i] = work(i)
        except Exception as error:
            answers[i] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_get_exactly_the_ten_there_are():
    pool = scarcity.open_pool("test", 10)

    answers = at_once(50, lambda i: scarcity.reserve(pool.pk, f"p{i}", f"k{i}"))

    assert sum(isinstance(a, scarcity.Reserved) for a in answers) == 10
    assert sum(isinstance(a, SoldOut) for a in answers) == 40
    pool.refresh_from_db()
    assert (pool.taken, pool.holds.count()) == (10, 10)


@pytest.mark.django_db(transaction=True)
def test_the_naive_way_oversells_so_the_test_above_can_fail():
    pool = scarcity.open_pool("test", 10)
    read = threading.Barrier(50)

    def read_check_write(i):
        taken = Hold.objects.filter(pool=pool).count()
        read.wait()
        if taken < 10:
            Hold.objects.create(pool=pool, holder=f"p{i}", quantity=1, key=f"k{i}")

    at_once(50, read_check_write)

    assert Hold.objects.filter(pool=pool).count() == 50


@pytest.mark.django_db(transaction=True)
def test_one_holder_at_once_gets_no_more_than_the_cap():
    pool = scarcity.open_pool("test", 100, per_holder=2)

    answers = at_once(20, lambda i: scarcity.reserve(pool.pk, "same", f"k{i}"))

    assert sum(isinstance(a, HolderCapReached) for a in answers) == 18
    assert Pool.objects.get(pk=pool.pk).taken == 2
    assert PoolHolder.objects.get(pool=pool, holder="same").taken == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_once_takes_one_unit():
    pool = scarcity.open_pool("test", 10)

    at_once(20, lambda i: scarcity.reserve(pool.pk, "same", "one-key"))

    assert Pool.objects.get(pk=pool.pk).taken == 1
    assert Hold.objects.filter(pool=pool).count() == 1


@pytest.mark.django_db
def test_a_repeated_key_answers_with_the_first_hold():
    pool = scarcity.open_pool("test", 10)
    first = scarcity.reserve(pool.pk, "lin", "key", quantity=3)

    again = scarcity.reserve(pool.pk, "lin", "key", quantity=3)

    assert (again.hold_id, again.quantity, again.repeated) == (first.hold_id, 3, True)
    assert Pool.objects.get(pk=pool.pk).taken == 3


@pytest.mark.django_db
def test_a_refusal_takes_nothing_from_pool_or_tally():
    pool = scarcity.open_pool("test", 2, per_holder=5)
    scarcity.reserve(pool.pk, "lin", "a", quantity=1)

    with pytest.raises(SoldOut):
        scarcity.reserve(pool.pk, "lin", "b", quantity=2)

    assert Pool.objects.get(pk=pool.pk).taken == 1
    assert PoolHolder.objects.get(pool=pool).taken == 1


@pytest.mark.django_db
def test_the_database_refuses_to_oversell_by_itself():
    pool = scarcity.open_pool("test", 1)

    with pytest.raises(Exception, match="pool_not_oversold"), connection.cursor() as cursor:
        cursor.execute("UPDATE foundation_pool SET taken = 2 WHERE id = %s", [pool.pk])


@pytest.mark.django_db
def test_an_expired_hold_comes_back_and_cannot_be_confirmed():
    pool = scarcity.open_pool("test", 1, per_holder=1)
    held = scarcity.reserve(pool.pk, "lin", "a", ttl=dt.timedelta(seconds=-1))

    with pytest.raises(HoldGone):
        scarcity.confirm(held.hold_id)
    assert scarcity.expire_due() == 1

    assert Hold.objects.get(pk=held.hold_id).state == HoldState.EXPIRED
    assert Pool.objects.get(pk=pool.pk).taken == 0
    assert scarcity.reserve(pool.pk, "lin", "b").repeated is False


@pytest.mark.django_db
def test_a_confirmed_hold_does_not_expire_and_confirming_twice_is_once():
    pool = scarcity.open_pool("test", 1)
    held = scarcity.reserve(pool.pk, "lin", "a", ttl=dt.timedelta(minutes=5))
    scarcity.confirm(held.hold_id)
    scarcity.confirm(held.hold_id)

    Hold.objects.update(created_at=clock.now() - dt.timedelta(days=9))

    assert scarcity.expire_due() == 0
    assert Pool.objects.get(pk=pool.pk).taken == 1


@pytest.mark.django_db
def test_releasing_twice_gives_back_once():
    pool = scarcity.open_pool("test", 2)
    held = scarcity.reserve(pool.pk, "lin", "a")
    scarcity.reserve(pool.pk, "zhou", "b")

    assert scarcity.release(held.hold_id) is True
    assert scarcity.release(held.hold_id) is False

    assert Pool.objects.get(pk=pool.pk).taken == 1


@pytest.mark.django_db
def test_a_quota_cannot_go_below_what_is_taken():
    pool = scarcity.open_pool("test", 5)
    scarcity.reserve(pool.pk, "lin", "a", quantity=3)

    with pytest.raises(SoldOut):
        scarcity.resize(pool.pk, 2)
    assert Pool.objects.get(pk=pool.pk).capacity == 5

    scarcity.resize(pool.pk, 3)
    assert Pool.objects.get(pk=pool.pk).capacity == 3
