"""Sessions and speakers reach the search index once they are public, and leave it again."""

from typing import Any

import pytest

from haishi.expo import services
from haishi.expo.tests.factories import OPENS, EditionFactory
from haishi.foundation import outbox
from haishi.search.tests.reading import kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(organiser: Any) -> Any:
    return EditionFactory(series__organiser=organiser, slug="haizhou-2026")


@pytest.fixture
def speaker(chen: Any, edition: Any) -> Any:
    return services.create_speaker(
        chen, edition.pk, name="苏晚", name_en="Su Wan", firm="听涛书店", title="店主"
    )


@pytest.fixture
def talk(chen: Any, edition: Any, speaker: Any) -> Any:
    """A confirmed, placed session that is not released yet."""
    stage = services.save_stage(chen, edition.pk, name="主会场")
    row = services.create_session(
        chen, edition.pk, title="潮汐", title_en="Tides", abstract="海怎样说话。",
        speakers=[speaker.pk],
    )  # fmt: skip
    services.place(chen, row.pk, 1, stage.pk, OPENS, 60)
    return services.decide(chen, row.pk, "confirm")


def found() -> set[tuple[str, int]]:
    outbox.drain()
    return set(kept())


def test_a_session_and_its_speaker_are_found_after_the_release(
    chen: Any, edition: Any, talk: Any, speaker: Any
) -> None:
    assert found() == set()
    services.release(chen, edition.pk)
    assert found() == {("session", talk.pk), ("speaker", speaker.pk)}
    row, who = kept()["session", talk.pk], kept()["speaker", speaker.pk]
    assert (row.title, row.title_en, row.summary) == ("潮汐", "Tides", "海怎样说话。")
    assert {"苏晚", "Su Wan"} <= set(row.keywords)
    assert row.url == "/e/haizhou-2026/programme/S001/"
    assert (who.title, who.summary) == ("苏晚", "听涛书店 · 店主")
    assert who.url == f"/e/haizhou-2026/speakers/{speaker.pk}/"


def test_a_cancelled_session_is_found_no_more_and_neither_is_who_speaks_nowhere_else(
    chen: Any, edition: Any, talk: Any
) -> None:
    services.release(chen, edition.pk)
    services.decide(chen, talk.pk, "cancel")
    assert found() == set()


def test_a_new_name_is_found_with_the_speaker_and_the_session(
    chen: Any, edition: Any, talk: Any, speaker: Any
) -> None:
    services.release(chen, edition.pk)
    services.edit_speaker(chen, speaker.pk, speaker.version, name="苏海晚")
    found()
    assert kept()["speaker", speaker.pk].title == "苏海晚"
    assert "苏海晚" in kept()["session", talk.pk].keywords


def test_who_was_taken_out_and_what_was_not_released_again_is_gone(
    chen: Any, edition: Any, talk: Any, speaker: Any
) -> None:
    services.release(chen, edition.pk)
    talk.refresh_from_db()
    services.edit_session(chen, talk.pk, talk.version, speakers=[])
    assert found() == {("session", talk.pk)}
    talk.refresh_from_db()
    services.unplace(chen, talk.pk, talk.version)
    assert found() == {("session", talk.pk)}
    services.release(chen, edition.pk)
    assert found() == set()


def test_an_edition_taken_back_takes_its_programme_along(
    chen: Any, edition: Any, talk: Any
) -> None:
    services.release(chen, edition.pk)
    assert len(found()) == 2
    services.withdraw_edition(chen, edition.pk)
    assert found() == set()
