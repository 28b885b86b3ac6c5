"""Registrations, gates, cards, leads, enquiries: what people leave with each other."""

import datetime as dt
import uuid

import pytest
from django.db import connections

from haishi.expo import selectors, services
from haishi.expo.errors import (
    AlreadyRegistered,
    BadgeUnknown,
    ConsentMissing,
    OwnFirm,
    TierForbids,
)
from haishi.expo.models import (
    BoothStaff,
    CardGrant,
    Checkin,
    CheckinList,
    Enquiry,
    Lead,
    Registration,
)
from haishi.expo.services import Entry
from haishi.expo.tests.factories import EditionFactory, ShownExhibitorFactory
from haishi.foundation import clock, outbox
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.tests.test_scarcity import at_once
from haishi.notices.tests.reading import subjects
from haishi.parties.tests.factories import MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def booth(firm, lin, zhou, organiser):
    """The firm's booth, where 林 and 周 answer."""
    row = ShownExhibitorFactory(organisation=firm, edition__series__organiser=organiser)
    for order, person in enumerate((lin, zhou)):
        BoothStaff.objects.create(exhibitor=row, person=person, order=order)
    return row


@pytest.fixture
def visitor(db):
    """A visitor with a phone number."""
    return PersonFactory(email="su@example.org", name="苏晚", phone="13800000000")


def entry(badge, **fields):
    return Entry(badge, fields.get("at", clock.now()), fields.get("key", uuid.uuid4()))


def test_registering_twice_is_refused_and_cancelling_keeps_the_code(booth, visitor):
    first = services.register(visitor, booth.edition.slug, kind="buyer", firm="听涛书店")

    with pytest.raises(AlreadyRegistered):
        services.register(visitor, booth.edition.slug, kind="visitor")
    services.cancel_registration(visitor, booth.edition.slug)
    again = services.register(visitor, booth.edition.slug, kind="visitor")

    assert (again.pk, again.code, again.kind) == (first.pk, first.code, "visitor")
    assert Registration.objects.count() == 1


def test_a_badge_is_known_by_scan_and_by_code_and_not_when_altered(booth, visitor):
    row = services.register(visitor, booth.edition.slug, kind="visitor")
    token = selectors.badge_token(row.code)

    assert selectors.registration_behind(token, booth.edition_id) == row
    assert selectors.registration_behind(row.code.lower(), booth.edition_id) == row
    for wrong in (token[:-2] + "zz", token.replace(row.code, "ZZZZZZZZ"), "NOBODY22", "x" * 300):
        with pytest.raises(BadgeUnknown):
            selectors.registration_behind(wrong, booth.edition_id)
    with pytest.raises(BadgeUnknown):
        selectors.registration_behind(token, EditionFactory().pk)


def test_a_badge_enters_a_gate_once_whatever_is_sent_again(booth, visitor, chen):
    row = services.register(visitor, booth.edition.slug, kind="visitor")
    gate = services.add_checkin_list(chen, booth.edition_id, name="东门")
    early = clock.now() - dt.timedelta(minutes=9)
    first = entry(row.code, at=early)

    answers = [
        services.check_in(chen, gate.pk, [first])[0].result,
        services.check_in(chen, gate.pk, [first])[0].result,
        services.check_in(chen, gate.pk, [entry(row.code)])[0].result,
        services.check_in(chen, gate.pk, [entry("NOBODY22")])[0].result,
    ]

    assert answers == ["accepted", "accepted", "already", "unknown"]
    assert Checkin.objects.get().at == early


@pytest.mark.django_db(transaction=True)
def test_twenty_gates_at_once_let_a_badge_in_once(booth, visitor, chen):
    row = services.register(visitor, booth.edition.slug, kind="visitor")
    gate = CheckinList.objects.create(edition=booth.edition, name="东门")
    connections.close_all()

    answers = at_once(20, lambda _: services.check_in(chen, gate.pk, [entry(row.code)])[0].result)

    assert (answers.count("accepted"), answers.count("already")) == (1, 19)
    assert Checkin.objects.count() == 1


def test_strangers_do_not_see_a_gate(booth, stranger):
    gate = CheckinList.objects.create(edition=booth.edition, name="东门")

    with pytest.raises(NotFound):
        services.check_in(stranger, gate.pk, [entry("X")])
    assert not Checkin.objects.exists()


def test_a_card_left_twice_is_one_card_and_one_lead(booth, visitor):
    services.give_card(visitor, booth.pk)
    services.give_card(visitor, booth.pk)

    grant = CardGrant.objects.get()
    assert (grant.content["name"], grant.content["phone"]) == ("苏晚", "13800000000")
    assert Lead.objects.get().person == visitor


def test_a_card_taken_back_vanishes_from_lead_sheet_and_page(client, booth, visitor, lin):
    grant = services.give_card(visitor, booth.pk)
    lead = Lead.objects.get()
    client.force_login(lin)
    page = f"/exhibit/{booth.pk}/leads/{lead.pk}/"
    assert "13800000000" in client.get(page).text

    services.revoke_card(visitor, grant.pk)

    assert CardGrant.objects.get().content == {}
    assert "13800000000" not in client.get(page).text
    assert "13800000000" not in str(selectors.lead_sheet(selectors.leads_of(booth)))


def test_nobody_takes_back_anothers_card(booth, visitor, stranger):
    grant = services.give_card(visitor, booth.pk)

    with pytest.raises(NotFound):
        services.revoke_card(stranger, grant.pk)
    assert CardGrant.objects.get().content["name"] == "苏晚"


def test_ones_own_firm_gets_no_card(booth, zhou):
    with pytest.raises(OwnFirm):
        services.give_card(zhou, booth.pk)
    assert not CardGrant.objects.exists()


@pytest.mark.parametrize("shares", [True, False])
def test_a_scanned_badge_gives_the_card_only_with_consent(booth, visitor, zhou, shares):
    row = services.register(visitor, booth.edition.slug, kind="visitor", shares_card=shares)
    token = selectors.badge_token(row.code)

    if shares:
        assert services.scan_badge(zhou, booth.pk, token).owner_id == zhou.pk
    else:
        with pytest.raises(ConsentMissing):
            services.scan_badge(zhou, booth.pk, token)
    assert CardGrant.objects.count() == int(shares)


def test_a_stranger_sees_no_lead(client, booth, visitor, stranger):
    services.give_card(visitor, booth.pk)
    client.force_login(stranger)

    assert client.get(f"/exhibit/{booth.pk}/leads/").status_code == 404
    with pytest.raises(NotFound):
        services.update_lead(stranger, Lead.objects.get().pk, rating=5, owner_id=None)
    assert Lead.objects.get().rating == 0


def test_leads_are_exported_only_where_the_tier_includes_it(client, booth, visitor, lin):
    services.give_card(visitor, booth.pk)
    client.force_login(lin)
    address = f"/exhibit/{booth.pk}/leads/table.csv"
    assert client.get(address).status_code == 403

    type(booth.tier).objects.update(may_export_leads=True)

    text = b"".join(client.get(address).streaming_content).decode()
    assert text.splitlines()[1].startswith("苏晚,")
    assert TierForbids is not None


def test_enquiries_go_round_the_booths_people(booth, visitor, lin, zhou):
    owners = [
        services.enquire(visitor, booth.pk, subject=f"问题{n}", message="请报价。").owner_id
        for n in range(4)
    ]

    assert sorted(owners) == sorted([lin.pk, zhou.pk, lin.pk, zhou.pk])
    row = Enquiry.objects.first()
    assert (row.due_at - row.created_at).total_seconds() == pytest.approx(48 * 3600, abs=5)


def test_an_enquiry_is_reminded_missed_and_reported_by_its_clock(booth, visitor, chen, lin):
    row = services.enquire(visitor, booth.pk, subject="报价", message="请报价。")
    start = row.created_at

    assert services.remind_owners(start + dt.timedelta(hours=23)) == 0
    assert services.remind_owners(start + dt.timedelta(hours=25)) == 1
    assert services.remind_owners(start + dt.timedelta(hours=26)) == 0
    assert services.mark_missed(start + dt.timedelta(hours=47)) == 0
    assert services.mark_missed(start + dt.timedelta(hours=49)) == 1
    assert services.report_neglected(start + dt.timedelta(hours=97)) == 1
    row.refresh_from_db()
    assert row.state == "missed"
    outbox.drain()
    assert "一条询价超时未回复" in subjects(lin)
    assert subjects(chen) == ["蓬莱影业 长时间未回复询价"]


def test_an_answer_reaches_the_asker_and_stops_the_clock(booth, visitor, zhou):
    row = services.enquire(visitor, booth.pk, subject="报价", message="请报价。")
    services.write_message(zhou, row.pk, body="每件三百元。")
    outbox.drain()

    row.refresh_from_db()
    assert row.state == "answered"
    assert services.mark_missed(row.created_at + dt.timedelta(days=9)) == 0
    assert "你的询价有了答复" in subjects(visitor)


def test_another_firm_never_sees_the_conversation(client, booth, visitor, stranger):
    row = services.enquire(visitor, booth.pk, subject="报价", message="请报价。")
    rival = ShownExhibitorFactory(edition=booth.edition, tier=booth.tier, booth=None)
    MembershipFactory(person=stranger, organisation=rival.organisation, role="owner")
    client.force_login(stranger)

    assert client.get(f"/exhibit/{booth.pk}/enquiries/{row.pk}/").status_code == 404
    assert client.get(f"/exhibit/{rival.pk}/enquiries/{row.pk}/").status_code == 404
    assert client.get(f"/me/enquiries/{row.pk}/").status_code == 404


def test_a_double_click_sends_one_enquiry(client, booth, visitor):
    client.force_login(visitor)
    address = f"/e/{booth.edition.slug}/booth/{booth.pk}/enquire/"
    typed = {"subject": "报价", "message": "请报价。", "once": "the-same-page"}

    first, second = client.post(address, typed), client.post(address, typed)

    assert first.headers["Location"] == second.headers["Location"]
    assert Enquiry.objects.count() == 1


def test_a_bad_enquiry_keeps_what_was_typed_and_names_the_field(client, booth, visitor):
    client.force_login(visitor)
    page = client.post(
        f"/e/{booth.edition.slug}/booth/{booth.pk}/enquire/",
        {"subject": "报价\u202e", "message": "三百件，月底要。"},
        headers={"accept-language": "zh"},
    )

    assert page.status_code == 422
    assert "三百件，月底要。" in page.text
    assert not Enquiry.objects.exists()


def test_the_funnel_counts_what_happened(client, booth, visitor, lin):
    services.count(f"exhibitor:{booth.pk}", "view", 40)
    services.give_card(visitor, booth.pk)
    row = services.enquire(visitor, booth.pk, subject="报价", message="请报价。")
    services.write_message(lin, row.pk, body="三百元。")

    steps = selectors.funnel_of_booth(booth).steps
    # Behind them stand the steps of modules above: nothing was bought or signed.
    assert [step.count for step in steps] == [40, 1, 1, 1, *(0 for _step in steps[4:])]
    client.force_login(lin)
    assert client.get(f"/exhibit/{booth.pk}/funnel/").status_code == 200


def test_nobody_registers_without_an_account(booth):
    from django.contrib.auth.models import AnonymousUser

    with pytest.raises(Forbidden):
        services.register(AnonymousUser(), booth.edition.slug, kind="visitor")
    assert not Registration.objects.exists()
