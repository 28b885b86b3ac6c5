"""What happens on the floor reaches the search index and people's inboxes."""

import pytest

from haishi.expo import services
from haishi.expo.models import Registration
from haishi.expo.tests.factories import (
    BoothFactory,
    EditionFactory,
    HallFactory,
    ShownExhibitorFactory,
)
from haishi.foundation import outbox
from haishi.notices.tests.reading import read_by_kind
from haishi.parties import services as parties
from haishi.search.tests.reading import kept as found

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(organiser):
    return EditionFactory(series__organiser=organiser, slug="haizhou-2026", name="海州展")


@pytest.fixture
def hall(edition):
    return HallFactory(edition=edition, slug="film", name="影视馆", name_en="Film Hall")


@pytest.fixture
def shown(edition, hall, firm):
    return ShownExhibitorFactory(
        edition=edition, organisation=firm, booth=BoothFactory(hall=hall, code="B07")
    )


def test_a_shown_booth_is_found_with_its_hall_city_and_firm(shown, edition, firm, lin, hall):
    parties.edit_organisation(lin, firm.pk, firm.version, city="烟台", sides=["supply"])
    outbox.drain()
    row = found()["exhibitor", shown.pk]
    assert (row.title, row.title_en, row.summary) == ("蓬莱影业", "Penglai Pictures", "光影里的海")
    assert row.url == f"/e/haizhou-2026/booths/{shown.pk}/"
    assert row.audience == ["public"]
    assert row.facets == {
        "city": ["烟台"],
        "edition": ["haizhou-2026"],
        "hall": ["haizhou-2026.film"],
        "side": ["supply"],
    }
    assert "B07" in row.keywords


def test_a_suspended_booth_is_found_no_more_until_it_is_reinstated(shown, chen):
    services.suspend(chen, shown.pk, "待核实")
    outbox.drain()
    assert ("exhibitor", shown.pk) not in found()
    services.reinstate(chen, shown.pk)
    outbox.drain()
    assert ("exhibitor", shown.pk) in found()


def test_an_edition_taken_back_takes_its_halls_and_booths_along(shown, edition, hall, chen):
    services.withdraw_edition(chen, edition.pk)
    outbox.drain()
    assert found() == {}
    services.open_edition(chen, edition.pk)
    outbox.drain()
    assert set(found()) == {("exhibitor", shown.pk), ("hall", hall.pk)}


def test_a_renamed_hall_is_found_by_its_new_name(shown, hall, chen):
    services.edit_hall(chen, hall.pk, 1, name="光影馆")
    outbox.drain()
    assert found()["hall", hall.pk].title == "光影馆"


def test_an_announcement_reaches_those_it_is_for_and_not_its_author(
    shown, edition, chen, lin, zhou, stranger
):
    Registration.objects.create(edition=edition, person=stranger, code="HZ0001")
    told = {}
    for audience in ("everybody", "registered", "exhibitors"):
        services.announce(
            chen, edition.pk, title="布展时间调整", body="改为八点。", audience=audience
        )
        outbox.drain()
        told[audience] = read_by_kind("announcement")
    words = ("布展时间调整", "改为八点。")
    assert told["everybody"] == {(p.pk, *words) for p in (lin, zhou, stranger)}
    assert told["registered"] == {(stranger.pk, *words)}
    assert told["exhibitors"] == {(p.pk, *words) for p in (lin, zhou)}
