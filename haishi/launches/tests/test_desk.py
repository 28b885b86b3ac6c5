"""The way of a dossier through the pages of the firm and of the reviewers."""

import datetime as dt
from typing import Any

import pytest

from haishi.expo import services as expo
from haishi.foundation import clock
from haishi.foundation.types import SYSTEM
from haishi.launches import services
from haishi.launches.errors import SessionElsewhere
from haishi.launches.models import Allotment, Launch
from haishi.launches.tests.factories import LaunchFactory, sale
from haishi.parties.tests.factories import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


def at(hours: int) -> str:
    local = clock.local(clock.now() + dt.timedelta(hours=hours), "Asia/Shanghai")
    return local.strftime("%Y-%m-%dT%H:%M")


def released(edition: Any, *hosts: Any) -> list[int]:
    """Sessions of these hosts, one after the other on one stage of the released programme."""
    stage = expo.save_stage(SYSTEM, edition.pk, slug="launches", name="发布台", name_en="Launches")
    rows = []
    for number, host in enumerate(hosts):
        row = expo.create_session(SYSTEM, edition.pk, title=f"发布 {number}")
        row.host = host
        row.save(update_fields=["host"])
        expo.decide(SYSTEM, row.pk, "confirm")
        starts = edition.opens_at + dt.timedelta(hours=1 + number)
        expo.place(SYSTEM, row.pk, row.version + 1, stage.pk, starts, 50)
        rows.append(row.pk)
    expo.release(SYSTEM, edition.pk, "首版")
    return rows


def typed(**fields: str) -> dict[str, str]:
    sale = {"rule": "draw", "open_minutes": "60", "pay_minutes": "15"}
    return {"name": "潮汐灯", "quota": "5", "price_minor": "128.00", **sale, **fields}


def test_a_dossier_is_written_once_however_often_it_is_sent(client, lin, exhibitor):
    client.force_login(lin)
    url = f"/exhibit/{exhibitor.pk}/launches/new/"
    content = typed(once="the same page", unveil_at=at(2), teaser="把海带回家")
    for _ in range(2):
        assert client.post(url, content).status_code == 302
    row = Launch.objects.get()
    assert (row.state, row.allotment.quota, row.allotment.price_minor) == ("draft", 5, 12_800)


def test_a_form_without_a_price_is_answered_at_its_field_and_keeps_what_was_typed(
    client, lin, exhibitor
):
    client.force_login(lin)
    content = typed(price_minor="", teaser="把海带回家")
    answer = client.post(f"/exhibit/{exhibitor.pk}/launches/new/", content)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "有首发数量，就要填写价格。" in text
    assert "把海带回家" in text
    assert Launch.objects.count() == 0


def test_from_the_firms_desk_to_the_reviewers_and_back_to_the_announcement(
    client, draft, lin, chen
):
    desk = f"/exhibit/{draft.exhibitor_id}/launches/{draft.pk}/"
    queue = f"/organise/haizhou-2026/launches/{draft.pk}/"
    client.force_login(lin)
    client.post(f"{desk}submit/")
    client.force_login(chen)
    assert "潮汐灯" in client.get("/organise/haizhou-2026/launches/").content.decode()
    assert client.post(queue, {"reason": "请补英文。"}).status_code == 302
    client.force_login(lin)
    assert "请补英文。" in client.get(desk).content.decode()
    client.post(f"{desk}submit/")
    client.force_login(chen)
    client.post(f"{queue}approve/")
    client.force_login(lin)
    client.post(f"{desk}announce/")
    assert Launch.objects.get().state == "announced"


def test_a_new_instant_that_is_too_near_is_refused_at_its_field(client, announced, lin):
    client.force_login(lin)
    url = f"/exhibit/{announced.exhibitor_id}/launches/{announced.pk}/instant/"
    version = str(Launch.objects.get().version)
    answer = client.post(url, {"unveil_at": at(0), "version": version})
    assert answer.status_code == 422
    assert "揭幕时刻至少在 10 分钟之后。" in answer.content.decode()
    assert Launch.objects.get().unveil_at == announced.unveil_at
    assert client.post(url, {"unveil_at": at(9), "version": version}).status_code == 302


def test_the_quota_changes_on_its_page_and_not_below_what_is_kept(client, exhibitor, lin, stranger):
    row = LaunchFactory(exhibitor=exhibitor)
    allotment = sale(5, launch=row)
    for person in (stranger, PersonFactory()):
        services.claim(person, allotment.pk)
    client.force_login(lin)
    url = f"/exhibit/{exhibitor.pk}/launches/{row.pk}/quota/"
    answer = client.post(url, {"quota": "1"})
    assert answer.status_code == 422
    assert "已有 2 件被锁定，数量不能低于它。" in answer.content.decode()
    assert Allotment.objects.get().quota == 5
    assert client.post(url, {"quota": "2"}).status_code == 302
    assert Allotment.objects.get().quota == 2


def test_a_stage_slot_is_named_on_the_page_and_a_foreign_one_is_refused(client, draft, lin):
    mine, foreign = released(draft.exhibitor.edition, None, OrganisationFactory())
    services.edit(lin, draft.pk, Launch.objects.get().version, session_id=mine)
    with pytest.raises(SessionElsewhere):
        services.edit(lin, draft.pk, Launch.objects.get().version, session_id=foreign)
    assert Launch.objects.get().session_id == mine
    client.force_login(lin)
    text = client.get(f"/launches/{draft.slug}/").content.decode()
    assert "发布台" in text


def test_a_button_of_an_old_page_says_what_changed_and_changes_nothing(client, draft, lin):
    client.force_login(lin)
    services.submit(lin, draft.pk)
    url = f"/exhibit/{draft.exhibitor_id}/launches/{draft.pk}/announce/"
    assert "状态已变化" in client.post(url, follow=True).content.decode()
    assert Launch.objects.get().state == "under_review"
