"""One running house for all journeys of a run, and a browser for each file of them.

The house is `haishi up` on a copy of the database that the tests have already brought up to date,
filled by `journeys.cast`. Playwright lives only as long as a file: its event loop must not run
under tests of other modules.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright
from psycopg import sql

from haishi.config import settings as house_settings
from journeys.house import ROOT, Installation
from journeys.reader import Reader, launch

COMMAND = [sys.executable, "-m", "haishi"]
# Read before the first test: tests of the settings take it out of the environment.
SERVER = os.environ.get("DATABASE_URL", "")


@pytest.fixture(scope="session")
def house(
    request: pytest.FixtureRequest,
    django_db_modify_db_settings: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Installation]:
    """A small open expo with its people, supervised as an operator runs it."""
    # What the other tests have set up is used, and only if there are other tests.
    if any(each.get_closest_marker("django_db") for each in request.session.items):
        request.getfixturevalue("django_db_setup")
    with _database(django_db_blocker, request.config.getoption("reuse_db")) as address:
        root = tmp_path_factory.mktemp("house") / "home"
        root.mkdir()
        settings = {"DATABASE_URL": address, "HAISHI_WEB_WORKERS": "1"}
        house = Installation(root, COMMAND, settings)
        with ThreadPoolExecutor(1) as beside:
            cast = beside.submit(_cast, house)
            with house.open():
                cast.result()
                yield house


def _cast(house: Installation) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "journeys.cast"],
        env=house.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr


@contextlib.contextmanager
def _database(blocker: Any, keep: bool) -> Iterator[str]:
    from django.db import connection

    with blocker.unblock():
        if not _tables_exist():  # no test of this run asked for them
            connection.creation.create_test_db(verbosity=0, autoclobber=True, keepdb=keep)
        template = str(connection.settings_dict["NAME"])
        connection.close()  # a database that somebody uses cannot be copied
    name = f"{template}_journeys"
    parts = urlsplit(SERVER)
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(drop)
        server.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield urlunsplit(parts._replace(path=f"/{name}"))
        finally:
            server.execute(drop)


def _tables_exist() -> bool:
    from django.db import connection

    return "django_migrations" in connection.introspection.table_names()


@pytest.fixture(scope="module")
def browser(house: Installation) -> Iterator[Browser]:
    """Chromium, for the journeys of one file."""
    if not (Path(house_settings.BUILT) / "web" / "manifest.json").exists():
        pytest.fail("the front end is not built: run `make build`")
    with sync_playwright() as play:
        chromium = launch(play)
        yield chromium
        chromium.close()


@pytest.fixture
def reader(house: Installation, browser: Browser) -> Iterator[Callable[..., Reader]]:
    """Makes people at browsers; what they complained of fails the test at its end."""
    people: list[Reader] = []

    def make(name: str, width: int = 1280, **more: Any) -> Reader:
        one = Reader(browser, f"http://localhost:{house.port}", name, width, **more)
        people.append(one)
        return one

    yield make
    for each in people:
        each.leave()
