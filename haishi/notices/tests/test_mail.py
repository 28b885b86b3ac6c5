"""Mails: exact words and headers, digests, the way out, tries and files."""

import datetime as dt
import email
import email.policy
import socket
from pathlib import Path
from typing import Any

import pytest
from django.core import mail as box
from django.test import Client

from haishi.foundation.bilingual import Bilingual
from haishi.notices import loops, mail, selectors, services
from haishi.notices.models import Delivery, DigestClock, Notice, Preference

pytestmark = pytest.mark.django_db
SUBJECT = Bilingual("青州窑问价", "Qingzhou Kiln asks for a price")
BODY = Bilingual("一百只茶盏，何时交货？", "A hundred cups: when could you deliver?")
CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


def sent() -> Any:
    assert loops.send_mail() == 1
    return box.outbox[-1]


def test_a_mail_says_it_in_the_persons_language(lin: Any, settings: Any) -> None:
    settings.PUBLIC_URL = "https://expo.example"
    services.tell([lin.pk], "enquiry", SUBJECT, BODY, "/desk/enquiries/7/")
    message = sent()
    leave = "https://expo.example" + mail.unsubscribe_path(lin.pk, "enquiry")
    assert (message.subject, message.to) == ("青州窑问价", ["lin@penglai.example"])
    assert message.body == (
        "林海，您好：\n\n青州窑问价\n\n一百只茶盏，何时交货？\n\n"
        "查看：https://expo.example/desk/enquiries/7/\n\n-- \n海市 https://expo.example\n"
        f"通知设置：https://expo.example/notices/settings/\n退订此类邮件：{leave}\n\n"
    )
    assert message.extra_headers == {
        "Message-ID": f"<delivery-{Delivery.objects.get().pk}@expo.example>",
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    page = message.alternatives[0].content
    assert '<a href="https://expo.example/desk/enquiries/7/"' in page
    assert "<img" not in page
    row = Delivery.objects.get()
    assert (row.state, row.tries, row.error) == ("sent", 1, "")


def test_a_mail_in_english(lin: Any) -> None:
    lin.language = "en"
    lin.save(update_fields=["language"])
    services.tell([lin.pk], "enquiry", SUBJECT, BODY)
    message = sent()
    assert message.subject == "Qingzhou Kiln asks for a price"
    assert message.body.startswith("Hello Lin Hai,\n\nQingzhou Kiln asks for a price\n")


def test_what_a_stranger_typed_is_text_and_stays_in_its_line(lin: Any) -> None:
    services.tell([lin.pk], "enquiry", "问价\r\nBcc: all@example.org", "<b>急</b>")
    message = sent()
    assert message.subject == "问价 Bcc: all@example.org"
    assert "&lt;b&gt;急&lt;/b&gt;" in message.alternatives[0].content
    assert "<b>急</b>" in message.body


def test_an_important_mail_offers_no_way_out(lin: Any) -> None:
    services.tell([lin.pk], "enquiry", SUBJECT, important=True)
    message = sent()
    assert "List-Unsubscribe" not in message.extra_headers
    assert "退订" not in message.body


def test_a_calendar_goes_along(lin: Any) -> None:
    services.tell([lin.pk], "enquiry", SUBJECT, calendar=CALENDAR)
    raw = sent().message().as_bytes()
    parts = {p.get_content_type(): p for p in email.message_from_bytes(raw).walk()}
    invitation = parts["text/calendar"]
    assert invitation.get_param("method") == "REQUEST"
    assert invitation.get_filename() == "haishi.ics"
    assert invitation.get_payload(decode=True).decode().splitlines() == CALENDAR.splitlines()


def test_a_letter_reaches_an_address_without_an_account(db: None) -> None:
    services.write_letter("guest@example.org", SUBJECT, BODY, "/tickets/1/", language="en")
    message = sent()
    assert (message.to, message.subject) == (["guest@example.org"], SUBJECT.en)
    assert "List-Unsubscribe" not in message.extra_headers
    assert message.body.startswith("Qingzhou Kiln asks for a price\n\nA hundred cups")


def test_somebody_who_left_gets_nothing(lin: Any) -> None:
    services.tell([lin.pk], "enquiry", SUBJECT)
    lin.is_active = False
    lin.save(update_fields=["is_active"])
    assert loops.send_mail() == 0
    assert (box.outbox, Delivery.objects.get().state) == ([], "dropped")


# The link of a mail


def test_the_link_asks_first_and_one_click_stops_the_mails(client: Client, lin: Any) -> None:
    link = mail.unsubscribe_path(lin.pk, "enquiry")
    assert client.get(link).status_code == 200
    assert Preference.objects.count() == 0
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    chosen = selectors.choices_of(lin)["enquiry"]
    assert (chosen.inbox, chosen.mail, chosen.push) == ("now", "off", "now")
    services.tell([lin.pk], "enquiry", SUBJECT)
    assert loops.send_mail() == 0
    assert selectors.unread_count(lin) == 1


def test_a_forged_link_changes_nothing(client: Client, lin: Any, zhou: Any) -> None:
    link = mail.unsubscribe_path(lin.pk, "enquiry").replace(f"/{lin.pk}-", f"/{zhou.pk}-")
    assert client.post(link).status_code == 404
    assert Preference.objects.count() == 0


# The digest


def test_a_digest_gathers_what_is_unread_at_eight_oclock(lin: Any, settings: Any) -> None:
    settings.PUBLIC_URL = "https://expo.example"
    services.tell([lin.pk], "card", Bilingual("陈砚换了名片", "Chen Yan gave a card"), url="/c/1/")
    services.tell([lin.pk], "card", Bilingual("周遥换了名片", "Zhou Yao gave a card"))
    services.tell([lin.pk], "card", Bilingual("读过的", "Read already"))
    services.mark_read(lin, Notice.objects.get(subject="读过的").pk)
    assert loops.send_mail() == 0
    clock = DigestClock.objects.get(person=lin)
    assert services.gather_digests(clock.next_at - dt.timedelta(seconds=1)) == 0
    assert services.gather_digests(clock.next_at) == 1
    Delivery.objects.filter(state="waiting").update(next_try_at=clock.next_at - dt.timedelta(9))
    message = sent()
    leave = "https://expo.example" + mail.unsubscribe_path(lin.pk, "digest")
    assert message.subject == "海市每日汇总：2 条消息"
    assert message.body == (
        "林海，您好：\n\n昨天以来有 2 条消息。\n\n名片\n- 陈砚换了名片\n  https://expo.example/c/1/\n"
        "- 周遥换了名片\n\n-- \n海市 https://expo.example\n"
        f"通知设置：https://expo.example/notices/settings/\n退订每日汇总：{leave}\n\n"
    )
    assert list(Delivery.objects.order_by("pk").values_list("state", flat=True)) == [
        "sent", "sent", "dropped", "sent",
    ]  # fmt: skip
    clock.refresh_from_db()
    assert services.gather_digests(clock.next_at) == 1
    assert loops.send_mail() == 0


@pytest.mark.parametrize(
    ("zone", "after", "due"),
    [
        ("Asia/Shanghai", "2026-11-23T23:59:59", "2026-11-24T00:00:00"),
        ("Asia/Shanghai", "2026-11-24T00:00:00", "2026-11-25T00:00:00"),
        ("Europe/Berlin", "2027-03-27T07:00:00", "2027-03-28T06:00:00"),  # summer time begins
        ("America/New_York", "2026-10-31T12:00:00", "2026-11-01T13:00:00"),  # and ends
    ],
)
def test_eight_oclock_is_on_the_persons_wall_clock(zone: str, after: str, due: str) -> None:
    moment, wanted = (dt.datetime.fromisoformat(t).replace(tzinfo=dt.UTC) for t in (after, due))
    assert selectors.next_digest(zone, moment) == wanted


def test_leaving_the_digest_turns_off_every_kind_in_it(client: Client, lin: Any) -> None:
    client.post(mail.unsubscribe_path(lin.pk, "digest"))
    chosen = {key: choice.mail for key, choice in selectors.choices_of(lin).items()}
    assert chosen == {"webhooks": "now", "enquiry": "now", "card": "off"}


# Tries


def test_a_mail_server_that_is_away_is_tried_again_and_given_up_at_last(
    lin: Any, settings: Any
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    services.tell([lin.pk], "enquiry", SUBJECT)
    assert loops.send_mail() == 1
    row = Delivery.objects.get()
    assert (row.state, row.tries) == ("waiting", 1)
    assert row.error == "ConnectionRefusedError: [Errno 111] Connection refused"
    assert loops.send_mail() == 0
    minutes = []
    now = dt.datetime(2026, 12, 3, tzinfo=dt.UTC)
    for _ in range(7):
        services.record_mail(row.pk, "still away", now)
        row.refresh_from_db()
        minutes.append(int((row.next_try_at - now).total_seconds()) // 60)
    assert minutes[:6] == [5, 30, 120, 360, 720, 1440]
    assert (row.state, row.tries, row.error) == ("failed", 8, "still away")


def test_a_claimed_mail_is_not_claimed_twice_until_its_lease_ends(lin: Any) -> None:
    services.tell([lin.pk], "enquiry", SUBJECT)
    now = Delivery.objects.get().next_try_at
    assert len(services.claim_mail(now)) == 1
    assert len(services.claim_mail(now + dt.timedelta(minutes=9, seconds=59))) == 0
    assert len(services.claim_mail(now + dt.timedelta(minutes=10))) == 1


def test_without_a_mail_server_every_mail_is_a_readable_file(
    lin: Any, settings: Any, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "haishi.notices.mailbox.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    services.tell([lin.pk], "enquiry", "../../问价", BODY)
    assert loops.send_mail() == 1
    (path,) = (tmp_path / "mail").iterdir()
    assert path.name.endswith("-lin@penglai.example-..-..-问价.eml")
    assert path.stat().st_mode & 0o777 == 0o600
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert message["Subject"] == "../../问价"
    assert "一百只茶盏" in message.get_body(("plain",)).get_content()


def test_what_is_old_and_done_is_forgotten(lin: Any) -> None:
    services.tell([lin.pk], "enquiry", SUBJECT)
    sent()
    done = Delivery.objects.get().finished_at
    assert services.sweep(done + dt.timedelta(days=30)) == 0
    assert services.sweep(done + dt.timedelta(days=30, seconds=1)) == 1
    assert (Delivery.objects.count(), Notice.objects.count()) == (0, 1)
