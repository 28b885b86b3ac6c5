"""Sentences of the demonstration edition, kept as TOML so that they can be edited without programming."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """The parsed file `name`.toml of this folder. Raises FileNotFoundError."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
