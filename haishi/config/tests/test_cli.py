"""The command line says what it can do and what it was given wrongly."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from haishi import __version__
from haishi.config import cli

ROOT = Path(__file__).resolve().parents[3]


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["version"]) == 0
    assert capsys.readouterr().out == f"haishi {__version__}\n"


def test_the_help_names_every_command_in_both_languages(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit, match="0"):
        cli.main(["--help"])
    text = capsys.readouterr().out
    for words in ("启动一切并看护 / start everything", "从备份恢复 / bring a backup back"):
        assert words in text
    for name in (
        "up",
        "doctor",
        "audit",
        "backup",
        "restore",
        "demo",
        "manage",
        "bench",
        "version",
    ):
        assert f"\n    {name} " in text


def test_an_unknown_benchmark_names_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bench", "nothing"]) == 2
    assert capsys.readouterr().err.startswith("haishi bench NAME: ")


def test_a_bad_setting_stops_the_start_and_says_what_is_accepted() -> None:
    environment = {**os.environ, "HAISHI_PORT": "eighty"}
    result = subprocess.run(
        [sys.executable, "-m", "haishi", "up"],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "HAISHI_PORT='eighty'" in result.stderr
    assert "a whole number from 1 to 65500" in result.stderr
    assert "Traceback" not in result.stderr
