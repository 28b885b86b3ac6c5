"""The inbox, what people chose, and what is theirs alone."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils.translation import gettext_lazy, gettext_noop

from haishi.foundation.bilingual import Bilingual
from haishi.notices import selectors, services
from haishi.notices.models import Delivery, DigestClock, Notice, Preference
from haishi.parties.tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
SUBJECT = Bilingual("青州窑问价", "Qingzhou Kiln asks for a price")


def titles(person: Any, **wanted: Any) -> list[str]:
    return [row.subject for row in selectors.inbox(person, **wanted)]


def test_a_notice_is_written_in_both_languages_and_counted_as_unread(lin: Any, zhou: Any) -> None:
    told = services.tell([lin.pk, zhou.pk, lin.pk], "enquiry", SUBJECT, "请在今天答复", "/desk/")
    assert told == 2
    row = selectors.inbox(lin).get()
    assert (row.subject, row.subject_en) == ("青州窑问价", "Qingzhou Kiln asks for a price")
    assert (row.body, row.url, row.repeats) == ("请在今天答复", "/desk/", 1)
    assert selectors.unread_count(lin) == 1


def test_a_translatable_text_is_filled_in_each_language(lin: Any) -> None:
    values = {"url": Bilingual("甲", "A")}
    body = gettext_noop("%(url)s 答复说它不再存在，我们已停止向它发送。")
    services.tell([lin.pk], "webhooks", gettext_lazy("事件推送已停用"), body, values=values)
    row = Notice.objects.get()
    assert row.subject_en == "A webhook has been disabled"
    assert row.body == "甲 答复说它不再存在，我们已停止向它发送。"
    assert row.body_en == "A answered that it is gone, so we have stopped sending to it."


def test_an_address_elsewhere_is_refused_and_nothing_is_written(lin: Any) -> None:
    for url in ("https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example"):
        with pytest.raises(ValueError, match="not a path"):
            services.tell([lin.pk], "enquiry", SUBJECT, url=url)
    assert Notice.objects.count() == 0


def test_repeats_of_an_unread_topic_are_one_notice_and_one_mail(lin: Any) -> None:
    for name in ("甲", "乙", "丙"):
        services.tell([lin.pk], "enquiry", f"{name}来问价", topic="booth-7")
    row = Notice.objects.get()
    assert (row.subject, row.repeats) == ("丙来问价", 3)
    assert Delivery.objects.filter(channel="mail").count() == 1
    services.mark_read(lin, row.pk)
    services.tell([lin.pk], "enquiry", "丁来问价", topic="booth-7")
    assert titles(lin) == ["丁来问价", "丙来问价"]
    assert Delivery.objects.filter(channel="mail").count() == 2


def test_thousands_are_told_in_a_handful_of_statements(
    db: None, django_assert_num_queries: Any
) -> None:
    people = PersonFactory.build_batch(2_500)
    ids = [row.pk for row in get_user_model().objects.bulk_create(people)]
    # savepoint and release, choices, notices, browsers, three batches of mail
    with django_assert_num_queries(8):
        assert services.tell(ids, "enquiry", SUBJECT) == 2_500
    assert Notice.objects.count() == 2_500
    assert Delivery.objects.filter(state="waiting").count() == 2_500


def test_choices_decide_channel_by_channel(lin: Any, zhou: Any, stranger: Any) -> None:
    Preference.objects.create(person=zhou, kind="enquiry", inbox="off", mail="now", push="off")
    Preference.objects.create(person=stranger, kind="enquiry", inbox="off", mail="off", push="off")
    told = services.tell([lin.pk, zhou.pk, stranger.pk], "enquiry", SUBJECT)
    assert told == 2
    assert (titles(lin), titles(zhou), titles(stranger)) == (["青州窑问价"], [], [])
    assert selectors.unread_count(zhou) == 0
    mailed = Delivery.objects.order_by("person_id").values_list("person_id", "state")
    assert list(mailed) == [(lin.pk, "waiting"), (zhou.pk, "waiting")]


def test_what_is_important_comes_through_whatever_was_chosen(lin: Any) -> None:
    Preference.objects.create(person=lin, kind="enquiry", inbox="off", mail="off", push="off")
    assert services.tell([lin.pk], "enquiry", SUBJECT, important=True) == 1
    assert titles(lin) == ["青州窑问价"]
    assert Delivery.objects.get().state == "waiting"


def test_the_header_asks_one_query(lin: Any, django_assert_num_queries: Any) -> None:
    services.tell([lin.pk], "enquiry", SUBJECT)
    with django_assert_num_queries(1):
        assert selectors.unread_count(lin) == 1


def test_the_page_lists_filters_and_marks(client: Client, lin: Any) -> None:
    services.tell([lin.pk], "enquiry", "第一件", url="/desk/")
    services.tell([lin.pk], "card", "第二件")
    client.force_login(lin)
    first = Notice.objects.get(subject="第一件")
    page = client.get("/notices/")
    assert page.status_code == 200
    assert [item["notice"].subject for item in page.context["items"]] == ["第二件", "第一件"]
    opened = client.get(f"/notices/{first.pk}/")
    assert (opened.status_code, opened["Location"]) == (302, "/desk/")
    unread = client.get("/notices/?show=unread")
    assert [item["notice"].subject for item in unread.context["items"]] == ["第二件"]
    kind = client.get("/notices/?kind=enquiry")
    assert [item["notice"].subject for item in kind.context["items"]] == ["第一件"]
    back = client.post("/notices/read/", {"kind": "", "next": "/notices/?show=unread"})
    assert (back.status_code, back["Location"]) == (302, "/notices/?show=unread")
    assert selectors.unread_count(lin) == 0


def test_a_fragment_request_is_answered_with_the_list_only(client: Client, lin: Any) -> None:
    services.tell([lin.pk], "enquiry", "第一件")
    client.force_login(lin)
    row = Notice.objects.get()
    answer = client.post(f"/notices/{row.pk}/read/", headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert text.lstrip().startswith('<div id="notices"')
    assert "未读</span>" not in text
    row.refresh_from_db()
    assert row.read_at is not None


def test_a_return_address_elsewhere_leads_to_the_inbox(client: Client, lin: Any) -> None:
    client.force_login(lin)
    back = client.post("/notices/read/", {"next": "//elsewhere.example/"})
    assert back["Location"] == "/notices/"


def test_another_persons_notice_does_not_exist(client: Client, lin: Any, stranger: Any) -> None:
    services.tell([lin.pk], "enquiry", SUBJECT)
    row = Notice.objects.get()
    client.force_login(stranger)
    assert client.get(f"/notices/{row.pk}/").status_code == 404
    assert client.post(f"/notices/{row.pk}/read/").status_code == 404
    row.refresh_from_db()
    assert row.read_at is None


def test_nobody_in_particular_is_asked_to_sign_in(client: Client) -> None:
    answer = client.get("/notices/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=/notices/")


def test_choices_are_saved_and_stop_what_is_on_its_way(client: Client, lin: Any) -> None:
    services.tell([lin.pk], "enquiry", SUBJECT)
    client.force_login(lin)
    answer = client.post(
        "/notices/settings/",
        {
            "zone": "Europe/Berlin",
            "enquiry-mail": "off",
            "card-inbox": "on",
            "card-mail": "digest",
            "webhooks-inbox": "on",
            "webhooks-mail": "now",
        },
    )
    assert (answer.status_code, answer["Location"]) == (302, "/notices/settings/")
    chosen = selectors.choices_of(lin)["enquiry"]
    assert (chosen.inbox, chosen.mail, chosen.push) == ("off", "off", "off")
    assert DigestClock.objects.get(person=lin).zone == "Europe/Berlin"
    assert Delivery.objects.get().state == "dropped"


def test_a_bad_choice_is_said_at_its_field_and_nothing_is_kept(client: Client, lin: Any) -> None:
    client.force_login(lin)
    answer = client.post("/notices/settings/", {"zone": "Mars/Olympus", "enquiry-mail": "hourly"})
    assert answer.status_code == 422
    assert {"zone", "enquiry-mail"} <= set(answer.context["form"].errors)
    assert Preference.objects.count() == 0


def test_personal_data_is_handed_out_and_erased(lin: Any, zhou: Any) -> None:
    services.tell([lin.pk, zhou.pk], "card", SUBJECT)
    services.write_letter(lin.email, "门票")
    services.save_choices(lin, "Asia/Shanghai", selectors.choices_of(lin))
    found = services.export_personal(lin.pk)
    assert [row["subject"] for row in found["notices"]] == ["青州窑问价"]
    assert [row["kind"] for row in found["choices"]] == ["card", "enquiry", "webhooks"]
    assert found["digest_zone"] == "Asia/Shanghai"
    services.erase_personal(lin.pk)
    assert services.export_personal(lin.pk) == {
        "notices": [], "choices": [], "digest_zone": None, "browsers": [], "mails": [],
    }  # fmt: skip
    assert list(Delivery.objects.values_list("person_id", "address")) == [(zhou.pk, "")]


def test_the_api_lists_counts_and_marks(client: Client, lin: Any) -> None:
    lin.language = "en"
    for number in range(3):
        services.tell([lin.pk], "enquiry", Bilingual(f"第{number}件", f"Number {number}"))
    client.force_login(lin)
    first = client.get("/api/v1/notices/?limit=2", headers={"Accept-Language": "en"}).json()
    assert [row["subject"] for row in first["items"]] == ["Number 2", "Number 1"]
    rest = client.get(f"/api/v1/notices/?limit=2&cursor={first['next']}").json()
    assert ([row["subject"] for row in rest["items"]], rest["next"]) == (["第0件"], None)
    assert client.get("/api/v1/notices/unread").json() == {"count": 3}
    answer = client.post(f"/api/v1/notices/{first['items'][0]['id']}/read")
    assert answer.json()["read_at"] is not None
    assert client.post("/api/v1/notices/read").json() == {"count": 2}


def test_a_key_that_links_cannot_carry_is_refused() -> None:
    with pytest.raises(ValueError, match="letters, digits"):
        services.register_kind("a-b", "甲", "A")
