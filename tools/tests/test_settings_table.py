"""The document of operation holds every setting as the code reads it."""

import pytest

from haishi.config.env import VARIABLES
from tools import settings_table


def test_the_document_is_current() -> None:
    assert settings_table.main(["check"]) == 0


def test_every_variable_has_a_row_with_its_type_default_and_meaning() -> None:
    rows = settings_table.table().splitlines()[2:]
    assert len(rows) == len(VARIABLES)
    assert rows[1] == "| `HAISHI_PORT` | port | `8000` | Port of the web pages. |"


def test_a_document_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="marks"):
        settings_table.renewed("# Operations\n")
