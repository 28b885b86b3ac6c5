"""The chain of title through the hands of its firm and of the reviewers."""

import datetime as dt

import pytest

from haishi.foundation import outbox
from haishi.foundation.errors import Conflict, Forbidden, NotFound
from haishi.licences import selectors, services
from haishi.licences.errors import ChainBroken, FilesGone, ReasonMissing, TitleLocked, TitleMissing
from haishi.licences.models import Offer, Title, TitleLink
from haishi.licences.tests import factories
from haishi.media import selectors as media
from haishi.media.tests.factories import kept_asset
from haishi.notices import selectors as notices

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("came")]
MADE = {"kind": "creation", "taker": "画师", "on": dt.date(2019, 5, 1)}
SOLD = {
    "kind": "assignment",
    "giver": "画师",
    "taker": "蓬莱影业",
    "on": dt.date(2020, 5, 1),
    "number": "鲁作登字-2020-F-1",
}


@pytest.fixture
def title(firm, lin):
    """An empty chain."""
    return services.begin_title(lin, factories.work(firm).pk)


@pytest.fixture
def handed_in(title, lin):
    """Two steps, handed in."""
    services.add_link(lin, title.pk, **MADE)
    services.add_link(lin, title.pk, **SOLD)
    return services.submit_title(lin, title.pk)


def test_a_chain_is_handed_in_verified_and_carries_its_mark(handed_in, lin, chen):
    services.verify_title(chen, handed_in.pk)
    outbox.drain(rounds=20)
    row = Title.objects.get()
    assert (row.state, row.verified_by, row.verified_at is not None) == ("verified", chen, True)
    assert [note.subject for note in notices.inbox(chen)] == ["有权属材料等待核验"]
    assert [note.subject for note in notices.inbox(lin)] == ["《海市蜃楼》权属已核"]


def test_a_broken_chain_is_not_handed_in_and_every_fault_is_named(title, lin):
    services.add_link(lin, title.pk, **{**MADE, "taker": "别人"})
    services.add_link(lin, title.pk, **SOLD)
    with pytest.raises(ChainBroken) as refused:
        services.submit_title(lin, title.pk)
    assert "权利在“别人”手里" in str(refused.value)
    assert Title.objects.get().state == "draft"


def test_a_chain_begins_once(title, firm, lin):
    assert services.begin_title(lin, title.product_id).pk == title.pk
    assert Title.objects.count() == 1


def test_what_waits_for_a_reviewer_is_not_changed(handed_in, lin):
    with pytest.raises(TitleLocked):
        services.add_link(lin, handed_in.pk, **SOLD)
    with pytest.raises(TitleLocked):
        services.drop_link(lin, handed_in.pk, TitleLink.objects.earliest("pk").pk)
    assert TitleLink.objects.count() == 2
    services.take_title_back(lin, handed_in.pk)
    services.drop_link(lin, handed_in.pk, TitleLink.objects.latest("pk").pk)
    assert TitleLink.objects.count() == 1


def test_only_reviewers_judge_and_never_their_own_firm(handed_in, lin, zhou, stranger, organiser):
    for person, error in ((lin, Forbidden), (zhou, Forbidden), (stranger, NotFound)):
        with pytest.raises(error):
            services.verify_title(person, handed_in.pk)
    from haishi.parties.tests.factories import OrganiserDutyFactory

    OrganiserDutyFactory(person=lin, organisation=organiser, duty="reviewer")
    lin.__dict__.pop("_duties", None)
    with pytest.raises(Forbidden):
        services.verify_title(lin, handed_in.pk)
    assert Title.objects.get().state == "submitted"


def test_a_return_has_a_reason_and_takes_a_mark_back(handed_in, chen, lin):
    with pytest.raises(ReasonMissing):
        services.return_title(chen, handed_in.pk, " ")
    assert Title.objects.get().state == "submitted"
    services.verify_title(chen, handed_in.pk)
    services.return_title(chen, handed_in.pk, "登记证书是别的作品")
    row = Title.objects.get()
    assert (row.state, row.reason, row.verified_at) == ("returned", "登记证书是别的作品", None)
    services.submit_title(lin, handed_in.pk)
    assert Title.objects.get().state == "submitted"


def test_papers_are_for_the_firm_reviewers_and_parties_of_a_licence_only(firm, lin, chen, stranger):
    paper = kept_asset(firm, "document", {"a.pdf": b"x"}, purpose="papers", private=True)
    row = factories.offer(firm)
    row.title.links.update(document_ids=[paper.pk])
    studio, su = factories.studio()

    def shown(person):
        return [len(link.papers) for link in selectors.links_of(person, row.title)]

    assert (shown(lin), shown(chen), shown(stranger), shown(su)) == ([1], [1], [0], [0])
    licence = factories.active(row, studio, su, lin)
    assert (licence.state, shown(su), shown(stranger)) == ("active", [1], [0])
    assert list(media.private_attachments(stranger, [paper.pk])) == []


def test_files_of_another_firm_are_no_documents(title, lin):
    other = kept_asset(factories.studio()[0], "document", {"a.pdf": b"x"}, purpose="papers")
    with pytest.raises(FilesGone):
        services.add_link(lin, title.pk, **MADE, document_ids=[other.pk])
    assert TitleLink.objects.count() == 0


def test_an_offer_opens_only_on_a_verified_title_and_rests_when_it_is_taken_back(
    handed_in, lin, chen
):
    offer = services.draft_offer(lin, handed_in.pk, terms=factories.terms())
    with pytest.raises(TitleMissing):
        services.open_offer(lin, offer.number)
    assert Offer.objects.get().state == "draft"
    services.verify_title(chen, handed_in.pk)
    services.open_offer(lin, offer.number)
    assert [row.pk for row in selectors.open_offers()] == [offer.pk]
    services.take_title_back(lin, handed_in.pk)
    assert list(selectors.open_offers()) == []
    with pytest.raises(Conflict):
        services.open_offer(lin, offer.number)


def test_the_queue_of_a_reviewer_holds_firms_that_came(handed_in, chen, stranger):
    page, counts = selectors.title_queue(chen, "waiting", "1")
    assert ([row.pk for row in page], counts) == ([handed_in.pk], {"waiting": 1, "verified": 0})
    with pytest.raises(Forbidden):
        selectors.title_queue(stranger, "waiting", "1")
