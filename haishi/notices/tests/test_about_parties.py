"""People hear about their organisation's verification, members and duties."""

import pytest

from haishi.foundation import outbox
from haishi.foundation.service import service
from haishi.notices import about_parties, services
from haishi.notices.models import Notice
from haishi.parties.events import (
    DutyChanged,
    MemberJoined,
    VerificationAnswered,
    VerificationRequested,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kind():
    """The kind of these notices beside the three of the other tests here."""
    services.register_kind(about_parties.KIND, "单位与认证", "Organisation and verification")


@service
def state(fact):
    outbox.publish(fact)


def heard(person):
    outbox.drain()
    return list(Notice.objects.filter(person=person).values_list("subject", "subject_en", "url"))


@pytest.mark.usefixtures("came")
def test_reviewers_hear_of_new_papers_once_while_they_have_not_looked(firm, chen):
    state(VerificationRequested(organisation_id=firm.pk, verification_id=1))
    state(VerificationRequested(organisation_id=firm.pk, verification_id=2))

    assert heard(chen) == [
        ("有新的单位认证申请", "A new request for verification", "/desk/verifications/")
    ]
    assert Notice.objects.get(person=chen).repeats == 2


@pytest.mark.parametrize(
    ("approved", "words"), [(True, "单位认证已通过"), (False, "单位认证被退回")]
)
def test_owners_hear_the_answer_and_staff_do_not(firm, lin, zhou, approved, words):
    state(VerificationAnswered(organisation_id=firm.pk, verification_id=1, approved=approved))

    assert [subject for subject, _, _ in heard(lin)] == [words]
    assert heard(zhou) == []


def test_owners_hear_who_joined(firm, lin, zhou):
    state(MemberJoined(organisation_id=firm.pk, person_id=zhou.pk))

    assert heard(lin) == [
        (
            "周遥 加入了蓬莱影业",
            "周遥 has joined 蓬莱影业",
            "/desk/organisations/penglai/members/",
        )
    ]


def test_a_person_hears_of_a_new_duty(organiser, stranger):
    state(
        DutyChanged(organisation_id=organiser.pk, person_id=stranger.pk, duty="reviewer", held=True)
    )

    assert heard(stranger) == [
        ("你有了新的主办方职责", "You have a new duty for the organiser", "/desk/")
    ]
