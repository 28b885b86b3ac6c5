"""Resumable uploads: cut, continued, refused, expired."""

import base64
import datetime as dt
import fcntl
import hashlib
import threading

import pytest
from django.db import connection
from django.test import Client

from haishi.foundation import clock
from haishi.foundation.models import Outbox
from haishi.media import services
from haishi.media.errors import QuotaExceeded
from haishi.media.models import Asset, Upload, Usage
from haishi.media.services import room
from haishi.media.services.resumable import part_path
from haishi.media.tests import files

pytestmark = pytest.mark.django_db
PIECE = "application/offset+octet-stream"


@pytest.fixture
def browser(zhou):
    client = Client()
    client.force_login(zhou)
    return client


def announce(client, firm, length, purpose="gallery", name="海 上.jpg", **headers):
    return client.post(
        f"/media/uploads/?purpose={purpose}&organisation={firm.pk}",
        headers={
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(length),
            "Upload-Metadata": "filename " + base64.b64encode(name.encode()).decode(),
            **headers,
        },
    )


def send(client, address, offset, content, **headers):
    return client.patch(
        address, content, content_type=PIECE, headers={"Upload-Offset": str(offset), **headers}
    )


def test_an_upload_that_was_cut_goes_on_where_it_stopped(firm, browser):
    content = files.jpeg(900, 700)
    created = announce(browser, firm, len(content))
    assert (created.status_code, created.headers["Tus-Resumable"]) == (201, "1.0.0")
    address = created.headers["Location"]
    assert send(browser, address, 0, content[:5000]).headers["Upload-Offset"] == "5000"

    found = browser.head(address)
    assert (found.headers["Upload-Offset"], found.headers["Upload-Length"]) == (
        "5000",
        str(len(content)),
    )
    assert found.headers["Cache-Control"] == "no-store"
    done = send(browser, address, 5000, content[5000:])
    assert (done.status_code, done.headers["Upload-Offset"]) == (204, str(len(content)))

    row = Asset.objects.get()
    assert f"/media/uploads/{row.token}/" == address
    assert (row.name, row.sha256, row.size) == (
        "海 上.jpg",
        hashlib.sha256(content).hexdigest(),
        len(content),
    )
    assert Usage.objects.get().size == len(content)
    services.process_now(row.pk)
    row.refresh_from_db()
    assert row.state == "ready"
    assert browser.head(address).headers["Upload-Offset"] == str(len(content))
    assert not part_path(row.token).exists()


def test_a_connection_that_breaks_within_a_piece_keeps_what_arrived(firm, zhou):
    class Line:
        """Gives one piece, then breaks like a cut connection."""

        pieces = [b"\xff\xd8\xff" + b"x" * 997]

        def read(self, size, /):
            if not self.pieces:
                raise OSError("cut")
            return self.pieces.pop()

    row = services.begin_upload(zhou, firm.pk, "picture", "a.jpg", 5000)
    assert services.append(zhou, row.token, 0, Line(), 5000) == (1000, None)
    assert services.offset_of(row) == 1000


def test_a_wrong_offset_is_a_conflict_that_says_where_to_go_on(firm, browser):
    address = announce(browser, firm, 9000).headers["Location"]
    send(browser, address, 0, b"x" * 100)
    answer = send(browser, address, 50, b"y" * 100)
    assert (answer.status_code, answer.text) == (409, "续传位置不符：服务器已收到 100 字节。")
    assert browser.head(address).headers["Upload-Offset"] == "100"


def test_one_writer_at_a_time(firm, zhou, browser):
    address = announce(browser, firm, 9000).headers["Location"]
    with part_path(Upload.objects.get().token).open("r+b") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        answer = send(browser, address, 0, b"x" * 100)
    assert (answer.status_code, answer.text) == (409, "这个文件正在另一处上传，请稍候再试。")
    assert browser.head(address).headers["Upload-Offset"] == "0"


def test_a_piece_that_was_damaged_on_its_way_is_not_kept(firm, browser):
    address = announce(browser, firm, 9000).headers["Location"]
    good = "sha1 " + base64.b64encode(hashlib.sha1(b"abc").digest()).decode()
    answer = send(browser, address, 0, b"abd", **{"Upload-Checksum": good})
    assert (answer.status_code, browser.head(address).headers["Upload-Offset"]) == (460, "0")
    assert (
        send(browser, address, 0, b"abc", **{"Upload-Checksum": good}).headers["Upload-Offset"]
        == "3"
    )


@pytest.mark.parametrize(
    ("length", "status", "error", "words"),
    [
        (10 * 10**9, 413, "FileTooBig", "文件有 10 GB，超过了上限 2 GB。"),
        (0, 400, "UploadMalformed", "上传请求有误：Upload-Length。"),
        ("9" * 30, 400, "UploadMalformed", "上传请求有误：99999999999999999999。"),
        ("-5", 400, "UploadMalformed", "上传请求有误：-5。"),
    ],
)
def test_a_claim_that_cannot_be_kept_is_refused_at_once(
    firm, browser, length, status, error, words
):
    answer = announce(browser, firm, length, Accept="application/json")
    assert (answer.status_code, answer.json()["error"], answer.json()["message"]) == (
        status,
        error,
        words,
    )
    assert (Upload.objects.count(), Usage.objects.count()) == (0, 0)


def test_more_than_the_room_left_is_refused_at_once(firm, browser, settings):
    settings.MEDIA_QUOTA_BYTES = 1000
    answer = announce(browser, firm, 1001)
    assert (answer.status_code, answer.text) == (
        413,
        "空间不足：还剩 1 KB，这个文件需要 1 KB。可以先删除不用的文件。",
    )
    assert Upload.objects.count() == 0


def test_more_bytes_than_announced_are_refused(firm, browser):
    address = announce(browser, firm, 100).headers["Location"]
    assert send(browser, address, 0, b"x" * 101).status_code == 413
    assert browser.head(address).headers["Upload-Offset"] == "0"


def test_a_finished_upload_of_a_wrong_file_leaves_nothing(
    firm, browser, django_capture_on_commit_callbacks
):
    content = b"<svg onload='x'/>"
    address = announce(browser, firm, len(content)).headers["Location"]
    path = part_path(Upload.objects.get().token)
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(browser, address, 0, content)
    assert (answer.status_code, answer.text) == (
        422,
        "SVG 图片里可能带有脚本，不能上传。请导出为 PNG 或 JPEG。",
    )
    assert (Asset.objects.count(), Upload.objects.count(), Usage.objects.get().size) == (0, 0, 0)
    assert not path.exists()


def test_uploads_of_others_do_not_exist(firm, browser, lin, client):
    address = announce(browser, firm, 100).headers["Location"]
    assert client.head(address).status_code == 403
    client.force_login(lin)
    assert client.head(address).status_code == 404
    assert send(client, address, 0, b"x").status_code == 404
    assert client.delete(address).status_code == 404
    assert browser.head(address).headers["Upload-Offset"] == "0"


def test_a_stranger_cannot_announce_for_a_firm(firm, stranger, client):
    client.force_login(stranger)
    assert announce(client, firm, 100).status_code == 403
    assert Upload.objects.count() == 0


def test_never_mind_gives_the_room_back(firm, browser, django_capture_on_commit_callbacks):
    address = announce(browser, firm, 100).headers["Location"]
    path = part_path(Upload.objects.get().token)
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.delete(address).status_code == 204
    assert (Upload.objects.count(), Usage.objects.get().size, path.exists()) == (0, 0, False)
    assert browser.head(address).status_code == 404


def test_after_a_day_an_unfinished_upload_goes_and_its_owner_hears(firm, zhou, browser):
    announce(browser, firm, 100)
    assert services.expire_uploads() == 0
    Upload.objects.update(expires_at=clock.now() - dt.timedelta(seconds=1))
    assert services.expire_uploads() == 1
    fact = Outbox.objects.get(label="media.UploadExpired")
    assert fact.payload == {"uploader_id": zhou.pk, "organisation_id": firm.pk, "name": "海 上.jpg"}
    assert (Upload.objects.count(), Usage.objects.get().size) == (0, 0)


def test_a_file_nobody_checked_within_a_day_is_refused_and_its_owner_hears(firm, zhou):
    row = services.receive(zhou, firm.pk, files.upload(files.png()))
    assert services.expire_pending() == 0
    Asset.objects.update(created_at=clock.now() - dt.timedelta(hours=24, seconds=1))
    assert services.expire_pending() == 1
    row.refresh_from_db()
    assert (row.state, row.reason_text) == ("refused", "24 小时内没有处理完，已撤下。请重新上传。")
    assert Outbox.objects.get(label="media.AssetRefused").payload["uploader_id"] == zhou.pk


def test_what_a_killed_worker_left_is_queued_again(firm, zhou):
    row = services.receive(zhou, firm.pk, files.upload(files.png()))
    Asset.objects.update(state="processing", started_at=clock.now() - dt.timedelta(minutes=16))
    assert services.retry_stuck() == 1
    services.process_now(row.pk)
    row.refresh_from_db()
    assert row.state == "ready"


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_take_no_more_than_the_room():
    """The control reads, then writes, as one might: it lets more in than fits."""

    def naive(holder):
        used = Usage.objects.filter(holder=holder).values_list("size", flat=True).first() or 0
        gate.wait()
        if used + 10 > 100:
            raise QuotaExceeded(left="0", size="10")
        Usage.objects.update_or_create(holder=holder, defaults={"size": used + 10})

    def run(action, holder):
        try:
            action(holder)
            passed.append(holder)
        except QuotaExceeded:
            pass
        finally:
            connection.close()

    Usage.objects.create(holder="o2", size=0)
    passed: list[str] = []
    gate = threading.Barrier(50)
    for action, holder in ((lambda each: room.take(each, 10, 100), "o1"), (naive, "o2")):
        threads = [threading.Thread(target=run, args=(action, holder)) for _ in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (passed.count("o1"), Usage.objects.get(holder="o1").size) == (10, 100)
    assert passed.count("o2") == 50
