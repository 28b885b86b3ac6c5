"""An organisation shows who it is; a reviewer answers; nothing waits unseen."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from haishi.foundation import clock
from haishi.foundation.errors import Conflict, Forbidden, NotFound
from haishi.foundation.models import AuditEntry, Outbox
from haishi.parties import selectors, services
from haishi.parties.errors import (
    AlreadyVerified,
    CreditCodeInvalid,
    CreditCodeTaken,
    DocumentsMissing,
    DocumentsOfAnother,
    ReasonMissing,
    VerificationPending,
)
from haishi.parties.models import Verification
from haishi.parties.services import documents
from haishi.parties.tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    OrganiserDutyFactory,
    PersonFactory,
    VerificationFactory,
    credit_code_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("came")]
CODE = credit_code_of(1)


class Drawer:
    """A document store in memory: keeps the name and the owner of each file."""

    def __init__(self):
        self.kept = []

    def keep(self, actor, organisation_id, file):
        self.kept.append((organisation_id, file.name))
        return len(self.kept)

    def belong(self, organisation_id, ids):
        return all(self.kept[n - 1][0] == organisation_id for n in ids)

    def show(self, actor, ids):
        return [documents.Document(n, self.kept[n - 1][1], f"/papers/{n}") for n in ids]


@pytest.fixture(autouse=True)
def no_store():
    """The module that keeps files may have registered; each test says what it needs."""
    known = documents.document_store()
    documents._stores.clear()
    yield
    documents._stores[:] = [known] if known else []


@pytest.fixture
def drawer(no_store):
    store = Drawer()
    services.register_document_store(store)
    return store


def ask(lin, firm, code=CODE):
    return services.request_verification(lin, firm.pk, "蓬莱影业有限公司", code)


def test_papers_are_handed_in_reviewed_and_the_seal_appears(client, drawer, firm, lin, chen):
    client.force_login(lin)
    values = {
        "legal_name": "蓬莱影业有限公司",
        "credit_code": f"{CODE[:4]} {CODE[4:].lower()}",
        "papers": [SimpleUploadedFile("执照.pdf", b"%PDF-1.7"), SimpleUploadedFile("2.png", b"x")],
    }
    sent = client.post(reverse("parties:verification", args=[firm.slug]), values)
    assert sent.status_code == 302
    row = Verification.objects.get()
    assert (row.credit_code, row.document_ids, row.state) == (CODE, [1, 2], "pending")

    client.force_login(chen)
    page = client.get(reverse("parties:verification_answer", args=[row.pk])).content.decode()
    assert 'href="/papers/1"' in page
    client.post(reverse("parties:verification_answer", args=[row.pk]), {"answer": "approve"})
    firm.refresh_from_db()
    row.refresh_from_db()
    assert (firm.credit_code, row.state, row.answered_by) == (CODE, "approved", chen)
    assert firm.verified_at == row.answered_at
    labels = Outbox.objects.order_by("id").values_list("label", flat=True)
    assert list(labels) == [
        "parties.VerificationRequested",
        "parties.OrganisationChanged",
        "parties.VerificationAnswered",
    ]


def test_a_wrong_check_character_is_shown_at_its_field_and_nothing_is_kept(
    client, drawer, firm, lin
):
    client.force_login(lin)
    wrong = CODE[:17] + ("0" if CODE[17] != "0" else "1")
    values = {"legal_name": "蓬莱影业", "credit_code": wrong}
    refused = client.post(reverse("parties:verification", args=[firm.slug]), values)
    assert refused.status_code == 422
    assert refused.context["form"].errors["credit_code"] == [
        "统一社会信用代码有误：应为 18 位，且校验位要相符。"
    ]
    assert wrong in refused.content.decode()
    assert (drawer.kept, Verification.objects.count()) == ([], 0)


def test_the_service_refuses_a_wrong_code_by_itself(firm, lin):
    with pytest.raises(CreditCodeInvalid):
        ask(lin, firm, CODE[:17] + "I")
    assert not Verification.objects.exists()


def test_without_papers_or_with_those_of_another_nothing_is_asked(drawer, firm, lin):
    other = OrganisationFactory()
    drawer.keep(lin, other.pk, SimpleUploadedFile("x.pdf", b"%PDF"))
    with pytest.raises(DocumentsMissing):
        ask(lin, firm)
    with pytest.raises(DocumentsOfAnother):
        services.request_verification(lin, firm.pk, "蓬莱影业有限公司", CODE, [1])
    assert not Verification.objects.exists()


def test_one_request_at_a_time(firm, lin):
    ask(lin, firm)
    with pytest.raises(VerificationPending):
        ask(lin, firm)
    assert Verification.objects.count() == 1


def test_a_code_belongs_to_one_organisation(firm, lin):
    OrganisationFactory(credit_code=CODE)
    with pytest.raises(CreditCodeTaken):
        ask(lin, firm)
    assert not Verification.objects.exists()


def test_of_two_requests_with_one_code_the_second_approval_is_refused(firm, chen):
    first, second = (VerificationFactory(credit_code=CODE) for _ in range(2))
    services.answer_verification(chen, first.pk, approve=True)
    with pytest.raises(CreditCodeTaken):
        services.answer_verification(chen, second.pk, approve=True)
    second.refresh_from_db()
    assert (second.state, second.organisation.verified_at) == ("pending", None)


def test_a_return_needs_a_reason_and_allows_another_try(firm, lin, chen):
    row = ask(lin, firm)
    with pytest.raises(ReasonMissing):
        services.answer_verification(chen, row.pk, approve=False, reason="  ")
    row.refresh_from_db()
    assert (row.state, row.answered_at) == ("pending", None)
    services.answer_verification(chen, row.pk, approve=False, reason="执照照片不清楚")
    row.refresh_from_db()
    firm.refresh_from_db()
    assert (row.state, row.reason, firm.verified_at) == ("returned", "执照照片不清楚", None)
    assert ask(lin, firm).state == "pending"


def test_an_answer_is_given_once(firm, lin, chen):
    row = ask(lin, firm)
    services.answer_verification(chen, row.pk, approve=True)
    with pytest.raises(Conflict):
        services.answer_verification(chen, row.pk, approve=False, reason="改主意")
    with pytest.raises(AlreadyVerified):
        ask(lin, firm)
    row.refresh_from_db()
    assert (row.state, row.reason) == ("approved", "")


def test_an_approval_is_withdrawn_with_a_reason_and_the_code_is_free(client, firm, lin, chen):
    row = ask(lin, firm)
    services.answer_verification(chen, row.pk, approve=True)
    client.force_login(chen)
    page = reverse("parties:verification_answer", args=[row.pk])
    assert client.post(page, {"answer": "withdraw"}).status_code == 422
    assert client.post(page, {"answer": "withdraw", "reason": "执照已吊销"}).status_code == 302
    row.refresh_from_db()
    firm.refresh_from_db()
    assert (row.state, firm.verified_at, firm.credit_code) == ("withdrawn", None, None)


def test_a_reviewer_does_not_judge_a_firm_of_their_own(firm, lin, chen):
    row = ask(lin, firm)
    MembershipFactory(organisation=firm, person=chen)
    with pytest.raises(Forbidden):
        services.answer_verification(chen, row.pk, approve=True)
    row.refresh_from_db()
    assert row.state == "pending"


def test_others_do_not_see_requests(firm, lin, zhou, stranger):
    row = ask(lin, firm)
    programme = OrganiserDutyFactory(duty="programme").person
    for person in (lin, zhou, stranger, programme):
        with pytest.raises(NotFound):
            services.answer_verification(person, row.pk, approve=True)
        with pytest.raises(NotFound):
            selectors.get_verification(person, row.pk)
    row.refresh_from_db()
    assert row.state == "pending"


def test_reviewers_are_reminded_once_after_48_hours(firm, lin):
    row = ask(lin, firm)
    Outbox.objects.all().delete()
    assert services.remind_reviewers() == 0
    Verification.objects.update(created_at=clock.now() - dt.timedelta(hours=48))
    assert (services.remind_reviewers(), services.remind_reviewers()) == (1, 0)
    assert list(Outbox.objects.values_list("label", "payload")) == [
        (
            "parties.VerificationOverdue",
            {"organisation_id": firm.pk, "verification_id": row.pk},
        )
    ]


def test_the_queue_is_oldest_first_and_marks_what_waits_too_long(client, chen):
    old = VerificationFactory(organisation__name="等了三天")
    new = VerificationFactory(organisation__name="刚刚提交")
    Verification.objects.filter(pk=old.pk).update(created_at=clock.now() - dt.timedelta(days=3))
    client.force_login(chen)
    page = client.get(reverse("parties:verifications"))
    assert [row.pk for row in page.context["page"]] == [old.pk, new.pk]
    assert page.content.decode().count("已超时") == 1


def test_those_who_verify_are_reviewers_or_else_operators(chen, organiser, firm):
    operator = PersonFactory(is_staff=True)
    OrganiserDutyFactory(organisation=organiser, duty="programme")
    reviewer = OrganiserDutyFactory(organisation=organiser, duty="reviewer").person
    assert selectors.verifiers(firm.pk) == sorted([chen.pk, reviewer.pk])
    organiser.duties.all().delete()
    assert selectors.verifiers(firm.pk) == [operator.pk]


def test_every_answer_is_in_the_log(firm, lin, chen):
    row = ask(lin, firm)
    services.answer_verification(chen, row.pk, approve=True)
    services.withdraw_verification(chen, row.pk, "执照已吊销")
    actions = AuditEntry.objects.order_by("pk").values_list("action", "actor_name")
    assert list(actions) == [
        ("verification.requested", "林海"),
        ("verification.approved", "陈砚"),
        ("verification.withdrawn", "陈砚"),
    ]
