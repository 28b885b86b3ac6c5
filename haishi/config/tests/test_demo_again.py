"""`haishi demo --force` begins with nothing, and never under a running installation."""

from pathlib import Path

import psycopg
import pytest

from haishi.config.backups import row_counts
from haishi.config.env import env
from haishi.config.opening import database, load_demo_here, start_over
from haishi.config.supervisor import Home


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An embedded installation with a table, a picture, mail, an index and its secrets."""
    monkeypatch.setattr(env, "home", tmp_path / "home")
    monkeypatch.setattr(env, "database_url", "")
    home = Home(tmp_path / "home")
    home.ensure()
    home.secret("secret_key")
    for name in ("media/o/left.jpg", "mail/1.eml", "search/g-1/meta.json", "demo.json"):
        path = home.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("old", encoding="utf-8")
    with database() as address, psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE stand (id int PRIMARY KEY)")
        connection.execute("INSERT INTO stand VALUES (1)")
    return home


def counted() -> dict[str, int]:
    with database() as address, psycopg.connect(address) as connection:
        return row_counts(connection)


def test_beginning_anew_leaves_secrets_and_an_empty_database(installation: Home) -> None:
    secret = installation.secret("secret_key")
    with database() as address:
        start_over(installation, address)
    assert counted() == {}
    left = {path.name for path in installation.root.iterdir()}
    assert left <= {"secrets", "run", "log", "postgres"}
    assert installation.secret("secret_key") == secret


def test_a_running_installation_is_not_emptied(
    installation: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    with installation.locked():
        assert load_demo_here(force=True) == 1
    assert "stop Haishi first" in capsys.readouterr().err
    assert counted() == {"stand": 1}
    assert (installation.media / "o" / "left.jpg").read_text(encoding="utf-8") == "old"
