"""The way of a dossier through the pages of the firm and of the reviewers."""

import datetime as dt

import pytest

from haishi.foundation import clock
from haishi.launches import services
from haishi.launches.models import Launch

pytestmark = pytest.mark.django_db


def at(hours: int) -> str:
    local = clock.local(clock.now() + dt.timedelta(hours=hours), "Asia/Shanghai")
    return local.strftime("%Y-%m-%dT%H:%M")


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


def test_a_button_of_an_old_page_says_what_changed_and_changes_nothing(client, draft, lin):
    client.force_login(lin)
    services.submit(lin, draft.pk)
    url = f"/exhibit/{draft.exhibitor_id}/launches/{draft.pk}/announce/"
    assert "状态已变化" in client.post(url, follow=True).content.decode()
    assert Launch.objects.get().state == "under_review"
