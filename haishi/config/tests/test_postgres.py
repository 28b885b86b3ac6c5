"""The embedded database keeps what it acknowledged and asks everybody for a password."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from haishi.config.supervisor import Cluster, ClusterFailed, Home, cluster_running
from haishi.config.supervisor.postgres import LONGEST_SOCKET, SOCKET


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    # Longer than a socket address may be, so that the detour through a short link is taken.
    root = tmp_path_factory.mktemp("home") / ("very-long-name-" * 8)
    home = Home(root)
    home.ensure()
    found = Cluster(home)
    assert len(os.fsencode(found.folder / SOCKET)) > LONGEST_SOCKET
    found.initialise()
    yield found
    if (home.run / "socket_folder").exists():
        link = Path((home.run / "socket_folder").read_text())
        link.unlink()
        link.parent.rmdir()


def test_acknowledged_rows_survive_a_kill(cluster: Cluster) -> None:
    with cluster_running(cluster) as address:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (n int)")
            connection.execute("INSERT INTO kept SELECT generate_series(1, 500)")
        lock = (cluster.folder / "postmaster.pid").read_text()
        os.kill(int(lock.splitlines()[0]), signal.SIGKILL)
    assert (cluster.folder / "postmaster.pid").read_text() == lock
    with cluster_running(cluster) as address, psycopg.connect(address) as connection:
        assert connection.execute("SELECT count(*), sum(n) FROM kept").fetchone() == (500, 125250)


def test_a_lock_that_names_a_stranger_does_not_keep_the_database_shut(cluster: Cluster) -> None:
    (cluster.folder / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.folder}\n")
    assert not cluster.running()
    with cluster_running(cluster):
        assert cluster.running()
    assert not cluster.running()


def test_without_the_password_nobody_enters(cluster: Cluster) -> None:
    with cluster_running(cluster) as address:
        wrong = address.replace(cluster.home.secret("postgres"), "guess")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)


def test_the_platform_is_no_superuser_and_texts_sort_by_code_point(cluster: Cluster) -> None:
    with cluster_running(cluster) as address, psycopg.connect(address) as connection:
        role = connection.execute("SELECT rolname, rolsuper FROM pg_roles WHERE rolname = user")
        assert role.fetchone() == ("haishi", False)
        locale = connection.execute(
            "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding) FROM pg_database"
            " WHERE datname = current_database()"
        )
        assert locale.fetchone() == ("b", "C.UTF-8", "UTF8")
        durable = connection.execute("SELECT current_setting('fsync'), current_setting('jit')")
        assert durable.fetchone() == ("on", "off")


def test_a_server_in_use_is_shared_and_left_running(cluster: Cluster) -> None:
    with cluster_running(cluster) as outer:
        with cluster_running(cluster) as inner:
            assert inner == outer
        assert cluster.ready()


def test_the_folder_of_another_release_is_refused_untouched(tmp_path: Path) -> None:
    home = Home(tmp_path)
    (home.postgres).mkdir()
    (home.postgres / "PG_VERSION").write_text("17\n")
    with pytest.raises(ClusterFailed, match="PostgreSQL 17 ≠ 18"):
        Cluster(home).initialise()
    assert [path.name for path in home.postgres.iterdir()] == ["PG_VERSION"]
