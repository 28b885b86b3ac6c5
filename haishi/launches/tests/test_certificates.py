"""The paper of a first launch: issued once, checked by anybody, revoked with a reason."""

import datetime as dt
import hashlib
import io

import pytest
from django.db import connection
from pypdf import PdfReader

from haishi.foundation import audit, clock, outbox
from haishi.foundation.errors import Conflict, Forbidden
from haishi.launches import services
from haishi.launches.errors import ReasonMissing
from haishi.launches.models import Allotment, Certificate, Launch
from haishi.launches.tests.factories import LaunchFactory, sale
from haishi.notices import selectors as notices
from haishi.parties.tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def over(exhibitor, lin):
    """A launch of the firm whose draw of one is bought and over; facts are delivered."""
    row = LaunchFactory(exhibitor=exhibitor)
    allotment = sale(1, "draw", launch=row)
    people = [PersonFactory(), PersonFactory()]
    for person in people:
        services.request(person, allotment.pk)
    Allotment.objects.update(closes_at=clock.now() - dt.timedelta(seconds=1))
    services.decide(allotment.pk)
    services.mark_bought(allotment.claims.get(state="won").pk)
    services.close_ended(clock.now())
    outbox.drain(rounds=20)
    return Launch.objects.get()


def words(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def page(client) -> str:
    answer = client.get(f"/launches/certificates/{Certificate.objects.get().number}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_launch_that_is_over_gets_its_paper_once(over, lin):
    row = Certificate.objects.get()
    assert services.issue_certificate(over.pk) == row
    text = words(bytes(row.content)).replace("\n", "")
    digest = row.facts["digest"]
    for wanted in (row.number, "潮汐灯", "Tide lamp", "蓬莱影业", "首发证书", digest[:20]):
        assert wanted in text
    assert (row.facts["quota"], row.facts["sold"]) == (1, 1)
    assert row.sha256 == hashlib.sha256(bytes(row.content)).hexdigest()
    assert "《潮汐灯》的首发证书已签发" in [n.subject for n in notices.inbox(lin)]


def test_what_is_not_over_gets_none():
    row = LaunchFactory()
    assert services.issue_certificate(row.pk) is None
    assert Certificate.objects.count() == 0


def test_anybody_sees_that_file_and_chain_agree(over, client):
    assert "正在封存" in page(client)
    audit.seal()
    text = page(client)
    assert "核验通过" in text
    assert Certificate.objects.get().sha256 in text


def test_a_changed_file_does_not_pass(over, client):
    audit.seal()
    Certificate.objects.update(content=bytes(Certificate.objects.get().content) + b" ")
    text = page(client)
    assert "核验未通过" in text
    assert "核验通过" not in text


def test_a_file_changed_together_with_its_hash_does_not_pass(over, client):
    audit.seal()
    content = bytes(Certificate.objects.get().content) + b" "
    Certificate.objects.update(content=content, sha256=hashlib.sha256(content).hexdigest())
    assert "核验未通过" in page(client)


def test_a_changed_audit_row_does_not_pass(over, client):
    audit.seal()
    row = Certificate.objects.get()
    content = bytes(row.content) + b" "
    digest = hashlib.sha256(content).hexdigest()
    Certificate.objects.update(content=content, sha256=digest)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE foundation_auditentry DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE foundation_auditentry"
            " SET detail = jsonb_set(detail, '{sha256}', to_jsonb(%s::text))"
            " WHERE action = 'certificate.issued'",
            [digest],
        )
        cursor.execute("ALTER TABLE foundation_auditentry ENABLE TRIGGER USER")
    text = page(client)
    assert "核验未通过" in text
    assert "已断开" in text


def test_the_look_at_the_chain_is_bounded(over, stranger):
    audit.seal()
    place = audit.locate(Certificate.objects.get(), "certificate.issued", around=2)
    assert place is not None
    assert (place.whole, place.checked <= 5) == (True, True)


def test_firm_and_organiser_download_it_and_others_do_not(over, client, zhou, chen, stranger):
    row = Certificate.objects.get()
    for person, status in ((zhou, 200), (chen, 200), (stranger, 403)):
        client.force_login(person)
        answer = client.get(f"/launches/certificates/{row.number}.pdf")
        assert answer.status_code == status
        if status == 200:
            assert answer.content == bytes(row.content)


def test_the_organiser_revokes_with_a_reason_that_everybody_reads(over, client, chen, lin):
    url = f"/organise/haizhou-2026/launches/{over.pk}/"
    client.force_login(chen)
    assert "撤销证书" in client.get(url).content.decode()
    assert client.post(f"{url}revoke/", {"reason": " "}).status_code == 422
    assert Certificate.objects.get().revoked_at is None
    assert client.post(f"{url}revoke/", {"reason": "图片与实物不符。"}).status_code == 302
    outbox.drain(rounds=20)
    client.logout()
    text = page(client)
    assert "图片与实物不符。" in text
    assert "核验通过" not in text
    assert "《潮汐灯》的首发证书已撤销" in [n.subject for n in notices.inbox(lin)]


def test_it_is_revoked_once_by_the_organiser_only(over, chen, lin, stranger):
    for person in (lin, stranger):
        with pytest.raises(Forbidden):
            services.revoke_certificate(person, over.pk, "无故")
    with pytest.raises(ReasonMissing):
        services.revoke_certificate(chen, over.pk, "  ")
    assert Certificate.objects.get().revoked_at is None
    services.revoke_certificate(chen, over.pk, "图片与实物不符。")
    with pytest.raises(Conflict):
        services.revoke_certificate(chen, over.pk, "再来一次")
    assert Certificate.objects.get().revoke_reason == "图片与实物不符。"
