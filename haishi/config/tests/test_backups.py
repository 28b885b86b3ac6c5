"""A backup brings back every row and every byte, or says that it cannot."""

import tarfile
from pathlib import Path

import psycopg
import pytest

from haishi.config.backups import backup, restore, row_counts
from haishi.config.env import env
from haishi.config.opening import database
from haishi.config.supervisor import Home

PICTURE = bytes(range(256)) * 300


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An embedded installation with three rows, two media files and its secrets."""
    monkeypatch.setattr(env, "home", tmp_path / "home")
    monkeypatch.setattr(env, "database_url", "")
    monkeypatch.setattr(env, "media_s3_url", "")
    home = Home(tmp_path / "home")
    home.ensure()
    home.secret("secret_key")
    (home.media / "stands").mkdir(parents=True)
    (home.media / "stands" / "展位 1.bin").write_bytes(PICTURE)
    (home.media / "empty").write_bytes(b"")
    with database() as address, psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE stand (id int PRIMARY KEY, name text NOT NULL)")
        connection.execute("INSERT INTO stand VALUES (1, '泉城'), (2, '蓬莱'), (3, 'Qilu')")
    return home


def rows() -> list[tuple[int, str]]:
    with database() as address, psycopg.connect(address) as connection:
        return connection.execute("SELECT id, name FROM stand ORDER BY id").fetchall()


def test_what_was_saved_comes_back_after_everything_is_gone(
    installation: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "saved.tar"
    secret = installation.secret("secret_key")
    assert backup(target) == 0
    assert target.stat().st_mode & 0o777 == 0o600
    installation.wipe()
    assert not installation.media.exists()
    assert restore(target) == 0
    assert rows() == [(1, "泉城"), (2, "蓬莱"), (3, "Qilu")]
    assert (installation.media / "stands" / "展位 1.bin").read_bytes() == PICTURE
    assert (installation.media / "empty").read_bytes() == b""
    assert installation.secret("secret_key") == secret
    assert (installation.secrets / "secret_key").stat().st_mode & 0o777 == 0o600
    assert "restored and verified  (3 rows, 5 files)" in capsys.readouterr().out


def test_archives_come_back_and_one_that_is_being_built_is_left_out(
    installation: Home, tmp_path: Path
) -> None:
    page = installation.root / "archive" / "haizhou-2026" / "zh" / "index.html"
    half = installation.root / "archive" / ".haizhou-2027.ab12.partial" / "zh" / "index.html"
    for path in (page, half):
        path.parent.mkdir(parents=True)
        path.write_text("海州")
    assert backup(tmp_path / "saved.tar") == 0
    installation.wipe()
    assert restore(tmp_path / "saved.tar") == 0
    assert page.read_text() == "海州"
    assert not half.exists()


def test_a_full_home_is_not_overwritten_unless_forced(
    installation: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "saved.tar"
    assert backup(target) == 0
    with database() as address, psycopg.connect(address) as connection:
        connection.execute("INSERT INTO stand VALUES (4, 'new')")
    assert restore(target) == 1
    assert "--force" in capsys.readouterr().err
    assert len(rows()) == 4
    assert restore(target, force=True) == 0
    assert len(rows()) == 3


def test_one_changed_byte_is_noticed_before_anything_is_replaced(
    installation: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "saved.tar"
    assert backup(target) == 0
    content = bytearray(target.read_bytes())
    content[content.index(PICTURE) + 1000] ^= 1
    target.write_bytes(content)
    assert restore(target, force=True) == 1
    assert "home/media/stands/展位 1.bin" in capsys.readouterr().err
    assert len(rows()) == 3
    assert (installation.media / "stands" / "展位 1.bin").read_bytes() == PICTURE
    assert not (installation.root / "restore.new").exists()


@pytest.mark.parametrize("keep", [0, 700, 60_000])
def test_half_a_file_is_refused(
    installation: Home, tmp_path: Path, keep: int, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "saved.tar"
    assert backup(target) == 0
    target.write_bytes(target.read_bytes()[:keep])
    assert restore(target, force=True) == 1
    assert "restore failed" in capsys.readouterr().err
    assert len(rows()) == 3


def test_a_member_that_points_outside_is_refused(
    installation: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "evil.tar"
    with tarfile.open(target, "w") as archive:
        archive.addfile(tarfile.TarInfo("home/../../escaped"))
    assert restore(target, force=True) == 1
    assert "escaped" in capsys.readouterr().err
    assert not (tmp_path / "escaped").exists()
    assert len(rows()) == 3


def test_nothing_is_restored_under_a_running_installation(
    installation: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "saved.tar"
    assert backup(target) == 0
    with installation.locked():
        assert restore(target, force=True) == 1
    assert "already running" in capsys.readouterr().err
    with database():
        assert restore(target, force=True) == 1
    assert "database is running" in capsys.readouterr().err
    assert len(rows()) == 3


def test_rows_are_counted_table_by_table(installation: Home) -> None:
    with database() as address, psycopg.connect(address) as connection:
        connection.execute('CREATE TABLE "Odd name" ()')
        assert row_counts(connection) == {"Odd name": 0, "stand": 3}
