"""The organiser keeps halls and draws booths; what does not fit changes nothing."""

import pytest
from django.db import IntegrityError, transaction

from haishi.expo import selectors, services
from haishi.expo.errors import (
    AddressTaken,
    BoothCodesRepeated,
    BoothSizeRefused,
    BoothsOccupied,
    BoothsOverlap,
    CodeTaken,
    HallOccupied,
    HallTooSmall,
)
from haishi.expo.models import Booth, Hall
from haishi.expo.tests.factories import (
    BoothFactory,
    EditionFactory,
    HallFactory,
    ShownExhibitorFactory,
)
from haishi.expo.types import Place
from haishi.foundation.errors import Forbidden, NotFound, Stale
from haishi.foundation.models import AuditEntry, Outbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(organiser):
    return EditionFactory(series__organiser=organiser)


@pytest.fixture
def hall(edition):
    return HallFactory(edition=edition, code="A", width=200, depth=120)


def floor(hall: Hall) -> list[tuple[str, int, int, int, int]]:
    return [(p.code, p.x, p.y, p.width, p.depth) for p in selectors.places(hall)]


def test_a_plan_is_saved_as_a_whole(hall, chen):
    kept = BoothFactory(hall=hall, code="A01", x=0, y=0)
    BoothFactory(hall=hall, code="A02", x=100, y=0)
    services.save_plan(
        chen,
        hall.pk,
        1,
        places=[Place("A01", 10, 10, 40, 30, kept.pk), Place("A03", 50, 10, 30, 30)],
    )
    assert floor(hall) == [("A01", 10, 10, 40, 30), ("A03", 50, 10, 30, 30)]
    entry = AuditEntry.objects.get(action="plan.saved")
    assert entry.detail == {"added": ["A03"], "changed": ["A01"], "removed": ["A02"]}
    assert [row.label for row in Outbox.objects.all()] == ["expo.HallChanged"]


def test_two_booths_exchange_places_and_codes(hall, chen):
    one = BoothFactory(hall=hall, code="A01", x=0, y=0)
    two = BoothFactory(hall=hall, code="A02", x=30, y=0)
    places = [Place("A02", 30, 0, 30, 30, one.pk), Place("A01", 0, 0, 30, 30, two.pk)]
    services.save_plan(chen, hall.pk, 1, places=places)
    assert dict(Booth.objects.values_list("pk", "code")) == {one.pk: "A02", two.pk: "A01"}


def test_a_renamed_booth_tells_about_its_firm(hall, chen, edition):
    booth = BoothFactory(hall=hall, code="A01", x=0, y=0)
    shown = ShownExhibitorFactory(edition=edition, booth=booth)
    place = selectors.places(hall)[0]
    services.save_plan(
        chen,
        hall.pk,
        1,
        places=[Place("B77", place.x, place.y, 30, 30, place.id)],
    )
    told = Outbox.objects.get(label="expo.BoothChanged")
    assert told.payload["exhibitor_id"] == shown.pk


@pytest.mark.parametrize(
    ("places", "error", "codes"),
    [
        ([Place("A1", 0, 0), Place("A2", 29, 29), Place("A3", 90, 0)], BoothsOverlap, ["A1", "A2"]),
        ([Place("A1", 171, 0), Place("A2", 0, 91)], BoothsOverlap, ["A1", "A2"]),
        ([Place("A1", 0, 0, 9, 30)], BoothSizeRefused, ["A1"]),
        (
            [Place("A1", 0, 0), Place("A1", 60, 0), Place("", 120, 0)],
            BoothCodesRepeated,
            ["A1", ""],
        ),
    ],
)
def test_a_plan_that_does_not_fit_names_the_booths_and_changes_nothing(
    hall, chen, places, error, codes
):
    BoothFactory(hall=hall, code="OLD", x=5, y=5)
    with pytest.raises(error) as refusal:
        services.save_plan(chen, hall.pk, 1, places=places)
    assert refusal.value.values["codes"] == codes
    assert floor(hall) == [("OLD", 5, 5, 30, 30)]
    assert Outbox.objects.count() == 0


def test_booths_may_touch(hall, chen):
    places = [Place("A1", 0, 0), Place("A2", 30, 0), Place("A3", 0, 30), Place("A4", 170, 90)]
    services.save_plan(chen, hall.pk, 1, places=places)
    assert len(floor(hall)) == 4


def test_a_booth_somebody_holds_is_not_removed(hall, chen, edition):
    ShownExhibitorFactory(edition=edition, booth__hall=hall, booth__code="A01")
    with pytest.raises(BoothsOccupied) as refusal:
        services.save_plan(chen, hall.pk, 1, places=[])
    assert refusal.value.values["codes"] == ["A01"]
    assert Booth.objects.count() == 1


def test_a_stale_plan_is_refused(hall, chen):
    services.save_plan(chen, hall.pk, 1, places=[Place("A1", 0, 0)])
    with pytest.raises(Stale):
        services.save_plan(chen, hall.pk, 1, places=[])
    assert floor(hall) == [("A1", 0, 0, 30, 30)]


def test_only_the_owners_of_the_organiser_draw(hall, lin, stranger):
    for person in (lin, stranger):
        with pytest.raises(Forbidden):
            services.save_plan(person, hall.pk, 1, places=[Place("A1", 0, 0)])
    Hall.objects.filter(pk=hall.pk).update(edition=EditionFactory(state="draft"))
    with pytest.raises(NotFound):
        services.save_plan(lin, hall.pk, 1, places=[Place("A1", 0, 0)])
    assert floor(hall) == []


def test_the_table_itself_refuses_an_overlap(hall):
    BoothFactory(hall=hall, code="A01", x=0, y=0)
    with pytest.raises(IntegrityError, match="booths_do_not_overlap"), transaction.atomic():
        BoothFactory(hall=hall, code="A02", x=29, y=0)
    BoothFactory(code="A02", x=29, y=0)  # another hall has its own floor
    assert Booth.objects.count() == 2


def test_rows_of_booths_stand_back_to_back_between_aisles(hall, chen):
    BoothFactory(hall=hall, code="A07", x=170, y=90)
    services.add_rows(
        chen, hall.pk, 1, prefix="A", rows=3, columns=2, x=10, y=0, width=30, depth=20, aisle=25
    )
    assert floor(hall) == [
        ("A07", 170, 90, 30, 30),
        ("A08", 10, 0, 30, 20),
        ("A09", 40, 0, 30, 20),
        ("A10", 10, 45, 30, 20),
        ("A11", 40, 45, 30, 20),
        ("A12", 10, 65, 30, 20),
        ("A13", 40, 65, 30, 20),
    ]


def test_aisles_are_the_strips_nobody_stands_in(hall):
    for code, x, y in (("A1", 0, 0), ("A2", 30, 0), ("A3", 100, 50), ("A4", 100, 90)):
        BoothFactory(hall=hall, code=code, x=x, y=y)
    plan = selectors.floor_plan(hall)
    assert plan.aisles == ((0, 40, 200, 40), (80, 0, 80, 120))


def test_visitors_see_a_hidden_firm_as_a_free_booth_and_the_organiser_sees_who_it_is(edition, hall):
    ShownExhibitorFactory(edition=edition, booth__hall=hall, booth__code="A01")
    ShownExhibitorFactory(edition=edition, booth__hall=hall, booth__code="A02", complete=False)
    BoothFactory(hall=hall, code="A03")
    states = {b.place.code: b.state for b in selectors.floor_plan(hall).booths}
    assert states == {"A01": "shown", "A02": "free", "A03": "free"}
    states = {b.place.code: b.state for b in selectors.floor_plan(hall, organiser=True).booths}
    assert states == {"A01": "shown", "A02": "hidden", "A03": "free"}


def test_a_plan_takes_one_query(hall, edition, django_assert_num_queries):
    ShownExhibitorFactory.create_batch(5, edition=edition, booth__hall=hall)
    with django_assert_num_queries(1):
        selectors.floor_plan(hall)


def test_halls_are_added_moved_and_removed(edition, chen):
    halls = [
        services.add_hall(chen, edition.pk, slug=f"hall-{c}", code=c, name=f"{c} 馆") for c in "ABC"
    ]
    services.move_hall(chen, halls[2].pk, up=True)
    assert [hall.code for hall in selectors.halls_of(edition)] == ["A", "C", "B"]
    services.move_hall(chen, halls[0].pk, up=True)
    services.move_hall(chen, halls[0].pk, up=False)
    assert [hall.code for hall in selectors.halls_of(edition)] == ["C", "A", "B"]
    services.remove_hall(chen, halls[0].pk)
    assert [hall.code for hall in selectors.halls_of(edition)] == ["C", "B"]


def test_a_hall_with_firms_in_it_stays(edition, hall, chen):
    ShownExhibitorFactory(edition=edition, booth__hall=hall)
    with pytest.raises(HallOccupied, match="1 家"):
        services.remove_hall(chen, hall.pk)
    assert Hall.objects.filter(pk=hall.pk).exists()


def test_addresses_and_codes_of_halls_are_used_once(edition, hall, chen):
    with pytest.raises(CodeTaken):
        services.add_hall(chen, edition.pk, slug="new", code="A", name="新馆")
    with pytest.raises(AddressTaken):
        services.add_hall(chen, edition.pk, slug=hall.slug, code="B", name="新馆")
    assert Hall.objects.filter(edition=edition).count() == 1


def test_a_hall_does_not_shrink_below_its_booths(hall, chen):
    BoothFactory(hall=hall, code="A01", x=150, y=0)
    with pytest.raises(HallTooSmall) as refusal:
        services.edit_hall(chen, hall.pk, 1, width=179)
    assert refusal.value.values["codes"] == ["A01"]
    assert services.edit_hall(chen, hall.pk, 1, width=180).width == 180
