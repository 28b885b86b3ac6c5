"""Nobody is granted twice what only one can have, whoever accepts at the same moment."""

import threading

import pytest
from django.db import IntegrityError, connection, connections

from haishi.licences import selectors, services
from haishi.licences.errors import GrantClash
from haishi.licences.models import Grant, Licence, Offer
from haishi.licences.services import grants
from haishi.licences.tests import factories
from haishi.parties.tests.factories import MembershipFactory, OrganisationFactory, PersonFactory

NUMBER = 6


def at_once(works):
    """Run all together; their answers or errors."""
    barrier, answers = threading.Barrier(len(works)), [None] * len(works)

    def run(i):
        try:
            barrier.wait()
            answers[i] = works[i]()
        except Exception as error:
            answers[i] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def requests():
    """Six firms ask for the same, exclusively; their licences and the owner who accepts."""
    firm = OrganisationFactory(name="蓬莱影业")
    owner = PersonFactory()
    MembershipFactory(person=owner, organisation=firm, role="owner")
    offer = factories.offer(firm, guarantee_minor=0, exclusivity="exclusive")
    rows = [
        factories.asked(offer, *factories.studio(f"第{n}家"), territories=[place])
        for n, place in enumerate(["CN", "001"] * (NUMBER // 2))
    ]
    return owner, rows


@pytest.mark.django_db(transaction=True)
def test_of_six_acceptances_at_once_one_is_granted():
    owner, rows = requests()

    answers = at_once(
        [lambda row=row: services.accept(owner, row.number, seen=row.version) for row in rows]
    )

    assert sum(isinstance(each, Licence) for each in answers) == 1
    assert sum(isinstance(each, GrantClash) for each in answers) == NUMBER - 1
    assert Grant.objects.values("licence").distinct().count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_looking_first_and_writing_then_grants_it_to_many():
    _owner, rows = requests()
    looked = threading.Barrier(NUMBER)

    def naive(row):
        free = selectors.clash_of(row.product_id, row.terms) is None
        looked.wait()
        if free:
            Grant.objects.bulk_create(grants.cells(row))

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE licences_grant DROP CONSTRAINT grants_do_not_clash")
    try:
        at_once([lambda row=row: naive(row) for row in rows])
        assert Grant.objects.values("licence").distinct().count() == NUMBER
    finally:
        Grant.objects.all().delete()
        constraint = next(
            each for each in Grant._meta.constraints if each.name == "grants_do_not_clash"
        )
        with connection.schema_editor() as editor:
            editor.add_constraint(Grant, constraint)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ({}, {}, True),
        ({"territories": ["001"]}, {"territories": ["ZA"]}, True),
        ({"media": ["all"]}, {"media": ["venue"]}, True),
        ({"exclusivity": "sole"}, {"exclusivity": "non_exclusive"}, True),
        ({"territories": ["CN"]}, {"territories": ["HK"]}, False),
        ({"media": ["toys"]}, {"media": ["home"]}, False),
        ({"rights": ["adapt"]}, {"rights": ["exhibit"]}, False),
        ({"exclusivity": "non_exclusive"}, {"exclusivity": "non_exclusive"}, False),
    ],
)
def test_the_database_itself_tells_what_meets(firm, one, other, meet):
    offer = factories.offer(firm)
    plain = {"exclusivity": "exclusive"}
    rows = []
    for number, terms in enumerate((one, other)):
        studio, person = factories.studio(f"第{number}家")
        row = factories.asked(offer, studio, person)
        Licence.objects.filter(pk=row.pk).update(**plain | terms)
        row.refresh_from_db()
        rows.append(row)
    Grant.objects.bulk_create(grants.cells(rows[0]))
    assert (selectors.clash_of(offer.product_id, rows[1].terms) is not None) == meet
    if not meet:
        Grant.objects.bulk_create(grants.cells(rows[1]))
        return
    with pytest.raises(IntegrityError, match="grants_do_not_clash"):
        Grant.objects.bulk_create(grants.cells(rows[1]))


@pytest.mark.django_db
def test_another_work_and_what_was_given_back_are_not_in_the_way(firm):
    first, second = factories.offer(firm), factories.offer(firm)
    studio, person = factories.studio()
    one = factories.asked(first, studio, person, exclusivity="exclusive")
    two = factories.asked(second, studio, person, exclusivity="exclusive")
    grants.hold(one)
    grants.hold(two)
    grants.release(one)
    other = factories.asked(first, *factories.studio("青鸟"), exclusivity="exclusive")
    grants.hold(other)
    assert Grant.objects.filter(live=True).count() == 2
    assert Offer.objects.count() == 2
