"""The archive of rooms on a real broker: a killed worker loses and doubles nothing."""

import asyncio
import os
import subprocess
import sys
from typing import Any

import nats
import pytest
from django.conf import settings
from django.db import connection

from haishi.config.tests.plane import Plane, wait_until
from haishi.rooms import loops
from haishi.rooms.broker import broker
from haishi.rooms.models import RoomEntry
from haishi.rooms.tests.quay import PUBLIC
from haishi.rooms.tests.test_archive import rows, said, tick
from haishi.rooms.veil import veiled
from wire.broker import STREAM


def write(number: int, content: bytes) -> None:
    """An entry into the room's log, from outside."""

    async def publish() -> None:
        client = await nats.connect(settings.NATS_URL)
        js = client.jetstream()
        if number == 1:
            await js.add_stream(name=STREAM, subjects=[f"{STREAM}.*"])
        await js.publish(f"{STREAM}.{PUBLIC}", content)
        await client.close()

    asyncio.run(publish())


KILLED = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
settings.NATS_URL = sys.argv[2]
from haishi.rooms import broker, loops
if sys.argv[3] == "written":
    broker.Broker.acknowledge = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
else:
    loops.services.keep = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
while not loops.archive():
    pass
"""


def die(when: str) -> None:
    """A worker that is killed: before its lines are `written`, or before the broker knows."""
    name = str(connection.settings_dict["NAME"])
    command = [sys.executable, "-c", KILLED, name, settings.NATS_URL, when]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "haishi.config.settings",
        "HAISHI_SECRET_KEY": settings.SECRET_KEY,
    }
    assert subprocess.run(command, env=environment, check=False).returncode == -9


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("when", ["fetched", "written"])
def test_a_killed_archive_loses_and_doubles_nothing(plane: Plane, lin: Any, when: str):
    number = veiled(lin.pk)
    for place in (1, 2, 3):
        write(place, tick(place, said(number, str(place))))
    # The durable reader is made here: what a dead worker was given comes again after a second.
    broker().fetch(STREAM, "archive", 1, 0.01, again=1.0)
    broker().close()
    die(when)
    assert len(rows()) == (3 if when == "written" else 0)
    write(4, tick(4, said(number, "4")))
    wait_until(lambda: not loops.archive() and RoomEntry.objects.count() == 4, "the rest")
    assert [text for *_place, text in rows()] == ["1", "2", "3", "4"]


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_nobody_can_read_stops_nothing(plane: Plane, lin: Any):
    write(1, b"\xc1")
    write(2, tick(1, said(veiled(lin.pk), "一")))
    wait_until(lambda: not loops.archive() and RoomEntry.objects.exists(), "the readable one")
    assert [text for *_place, text in rows()] == ["一"]
