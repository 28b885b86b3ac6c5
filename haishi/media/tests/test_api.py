"""/api/v1/media by a browser session and the doctor's questions."""

import pytest
from django.test import Client

from haishi.foundation.health import CHECKS
from haishi.media import services
from haishi.media.models import Asset
from haishi.media.tests import files

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(zhou):
    client = Client()
    client.force_login(zhou)
    return client


def test_a_file_is_uploaded_watched_described_and_deleted(firm, api):
    content = {
        "file": files.upload(files.jpeg(400, 300), "海.jpg"),
        "purpose": "picture",
        "organisation_id": firm.pk,
    }
    created = api.post("/api/v1/media/", content)
    assert (created.status_code, created.json()["state"], created.json()["name"]) == (
        201,
        "received",
        "海.jpg",
    )
    address = f"/api/v1/media/{created.json()['token']}"
    services.process_now(Asset.objects.get().pk)
    found = api.get(address).json()
    assert (found["state"], found["width"], found["height"]) == ("ready", 400, 300)
    assert api.patch(address, {"alt": "海"}, content_type="application/json").json()["alt"] == "海"
    named = api.patch(address, {"name_en": "Sea"}, content_type="application/json").json()
    assert (named["name"], named["name_en"], named["alt"]) == ("海.jpg", "Sea.jpg", "海")
    assert [row["token"] for row in api.get("/api/v1/media/").json()["items"]] == [found["token"]]
    assert api.delete(address).status_code == 204
    assert api.get(address).status_code == 404


def test_a_repeated_upload_with_the_same_key_has_one_effect(firm, api):
    answers = [
        api.post(
            "/api/v1/media/",
            {"file": files.upload(files.png(), "a.png"), "organisation_id": firm.pk},
            headers={"Idempotency-Key": "k1"},
        ).json()["token"]
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert Asset.objects.count() == 1


def test_a_refusal_is_told_in_json(firm, api):
    answer = api.post(
        "/api/v1/media/", {"file": files.upload(b"MZ", "a.exe"), "organisation_id": firm.pk}
    )
    assert answer.status_code == 422
    assert answer.json() == {
        "error": "FileRefused",
        "message": "程序文件不能上传。",
        "field": "file",
    }
    assert Asset.objects.count() == 0


def test_files_of_others_do_not_exist(firm, zhou, stranger):
    row = services.receive(zhou, firm.pk, files.upload(files.png()))
    client = Client()
    client.force_login(stranger)
    for method in ("get", "delete"):
        assert getattr(client, method)(f"/api/v1/media/{row.token}").status_code == 404
    assert client.get("/api/v1/media/").json()["items"] == []
    assert Asset.objects.count() == 1


def test_the_doctor_finds_storage_and_queue_well(firm, zhou):
    services.receive(zhou, firm.pk, files.upload(files.png()))
    assert CHECKS["media storage"]().ok
    found = CHECKS["media queue"]()
    assert (found.ok, found.detail) == (True, "1 个文件等待检查")


def test_the_worker_knows_both_jobs():
    from procrastinate.contrib.django import app

    assert {"media.process", "media.add_avif"} <= set(app.tasks)


def test_a_form_of_any_page_that_claims_ten_gigabytes_is_stopped_before_it_is_read(
    firm, zhou, settings
):
    row = services.receive(zhou, firm.pk, files.upload(files.png()))
    settings.FILE_UPLOAD_HANDLERS = [
        "haishi.media.limits.LimitedUploadHandler",
        "django.core.files.uploadhandler.MemoryFileUploadHandler",
    ]
    client = Client()
    client.force_login(zhou)
    kind = "multipart/form-data; boundary=x"
    answer = client.generic(
        "POST",
        f"/media/assets/{row.token}/",
        b"--x--",
        content_type=kind,
        CONTENT_LENGTH=str(10 * 10**9),
    )
    assert answer.status_code == 400
