"""What several tests of the origin share."""

from pathlib import Path

import pytest

from origin.slate import clip


@pytest.fixture(scope="session")
def slates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plain slate, drawn once for all tests."""
    folder = tmp_path_factory.mktemp("slates")
    clip("", folder)
    return folder
