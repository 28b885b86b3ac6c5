"""How files leave: in ranges, for good, never as something that acts, never to strangers."""

import datetime as dt

import pytest
from django.template import Context, Template
from django.test import Client

from haishi.foundation import clock
from haishi.foundation.types import SYSTEM
from haishi.media import policies, selectors, services
from haishi.media.models import Asset
from haishi.media.tests import files

pytestmark = pytest.mark.django_db


def imported(organisation, content, purpose="picture", name="a"):
    return services.import_generated(SYSTEM, organisation.pk, content, name=name, purpose=purpose)


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def status(client, address):
    answer = client.get(address)
    body(answer)  # reading to the end closes the file
    return answer.status_code


def test_a_picture_is_served_for_good_and_can_do_nothing(firm, client, django_assert_num_queries):
    row = imported(firm, files.jpeg(400, 300))
    with django_assert_num_queries(1):
        answer = client.get(f"/media/f/{row.token}/320.webp")
    assert body(answer)[8:12] == b"WEBP"
    wanted = {
        "Content-Type": "image/webp",
        "Cache-Control": "public, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Content-Disposition": "inline",
        "ETag": f'"{row.token}-320.webp"',
    }
    assert {name: answer.headers[name] for name in wanted} == wanted
    assert not answer.cookies
    again = client.get(
        f"/media/f/{row.token}/320.webp", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("asked", "status", "span", "part"),
    [
        ("bytes=0-9", 206, "bytes 0-9/{n}", slice(0, 10)),
        ("bytes=10-", 206, "bytes 10-{last}/{n}", slice(10, None)),
        ("bytes=-5", 206, "bytes {tail}-{last}/{n}", slice(-5, None)),
        ("bytes=0-999999999", 206, "bytes 0-{last}/{n}", slice(0, None)),
        ("bytes=999999999-", 416, "bytes */{n}", None),
        ("bytes=0-1,4-5", 200, None, slice(0, None)),
        ("lines=1-2", 200, None, slice(0, None)),
    ],
)
def test_a_video_is_served_in_ranges(firm, client, tmp_path, asked, status, span, part):
    row = imported(firm, files.video(tmp_path, seconds=1), "video")
    address = f"/media/f/{row.token}/video.mp4"
    whole = body(client.get(address))
    answer = client.get(address, headers={"Range": asked})
    n = len(whole)
    expected = span.format(n=n, last=n - 1, tail=n - 5) if span else None
    assert (answer.status_code, answer.headers.get("Content-Range")) == (status, expected)
    assert body(answer) == (whole[part] if part else b"")
    if part:
        assert answer.headers["Content-Length"] == str(len(whole[part]))


def test_head_tells_the_length_and_sends_nothing(firm, client, tmp_path):
    row = imported(firm, files.video(tmp_path, seconds=1), "video")
    size = row.variants.get(name="video.mp4").size
    answer = client.head(f"/media/f/{row.token}/video.mp4")
    assert (answer.status_code, answer.content) == (200, b"")
    assert (answer.headers["Content-Length"], answer.headers["Accept-Ranges"]) == (
        str(size),
        "bytes",
    )


def test_a_document_is_only_ever_saved(firm, client):
    row = imported(firm, files.pdf(2), "document", '目录"; 2026.html')
    answer = client.get(f"/media/f/{row.token}/file.pdf")
    assert body(answer) == files.pdf(2)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert (
        answer.headers["Content-Disposition"]
        == "attachment; filename*=UTF-8''%E7%9B%AE%E5%BD%95%3B%202026.pdf"
    )


@pytest.mark.parametrize("name", ["original", "../x", "640.svg", "file.html", "320.webp.js"])
def test_nothing_else_has_an_address(firm, client, name):
    row = imported(firm, files.jpeg(400, 300))
    assert client.get(f"/media/f/{row.token}/{name}").status_code == 404
    assert client.get("/media/f/unknown/320.webp").status_code == 404


def test_a_private_paper_does_not_exist_for_strangers(firm, zhou, stranger, client):
    row = imported(firm, files.pdf(1), "papers")
    address = f"/media/f/{row.token}/file.pdf"
    assert status(client, address) == 404
    client.force_login(stranger)
    assert status(client, address) == 404
    client.force_login(zhou)
    answer = client.get(address)
    assert body(answer)[:5] == b"%PDF-"
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    assert selectors.attachments([row.pk]) == {}
    assert selectors.private_attachments(stranger, [row.pk]) == {}


def test_a_private_picture_is_only_among_those_that_the_reader_was_admitted_to(firm, client):
    open_one, sealed = (imported(firm, files.jpeg(400, side)) for side in (300, 310))
    Asset.objects.filter(pk=sealed.pk).update(private=True)
    both = [open_one.pk, sealed.pk]
    assert [*selectors.pictures(both)] == [open_one.pk]
    assert [*selectors.pictures([sealed.pk], admitted=[open_one.pk])] == [open_one.pk]
    found = selectors.pictures([open_one.pk], admitted=[sealed.pk])
    assert sorted(found) == sorted(both)
    assert "?key=" not in found[open_one.pk].url(320)
    address = found[sealed.pk].url(320)
    assert (status(client, address), status(client, address.partition("?")[0])) == (200, 404)


def test_a_signed_address_opens_one_paper_for_a_while(firm, zhou, client, monkeypatch):
    row, other = imported(firm, files.pdf(1), "papers"), imported(firm, files.pdf(1), "papers")
    url = selectors.private_attachments(zhou, [row.pk])[row.pk].url
    assert status(client, url) == 200
    assert status(client, url.replace(row.token, other.token)) == 404
    assert status(client, url[:-1] + ("A" if url[-1] != "A" else "B")) == 404
    later = clock.now() + dt.timedelta(seconds=selectors.LINK_SECONDS + 121)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert status(client, url) == 404


@pytest.mark.usefixtures("came")
def test_those_who_verify_may_open_papers_and_only_papers(firm, chen, client):
    papers, sealed = imported(firm, files.pdf(1), "papers"), imported(firm, files.pdf(1), "sealed")
    client.force_login(chen)
    assert status(client, f"/media/f/{papers.token}/file.pdf") == 200
    assert status(client, f"/media/f/{sealed.token}/file.pdf") == 404


def test_a_reader_registered_for_a_purpose_may_look(firm, stranger, client, monkeypatch):
    row = imported(firm, files.pdf(1), "sealed")
    client.force_login(stranger)
    assert status(client, f"/media/f/{row.token}/file.pdf") == 404
    monkeypatch.setitem(policies._readers, "sealed", [])
    selectors.register_reader("sealed", lambda actor, asset: actor.pk == stranger.pk)
    assert status(client, f"/media/f/{row.token}/file.pdf") == 200


def test_what_waits_or_was_refused_has_no_address(firm, zhou, client):
    row = services.receive(zhou, firm.pk, files.upload(files.jpeg(400, 300)))
    assert client.get(f"/media/f/{row.token}/320.webp").status_code == 404
    assert selectors.pictures([row.pk]) == {}


def test_the_picture_tag_offers_what_exists_and_escapes_what_people_wrote(firm):
    row = imported(firm, files.jpeg(400, 300))
    Asset.objects.filter(pk=row.pk).update(alt='瓶"><script>', color="#aabbcc")
    pic = selectors.pictures([row.pk])[row.pk]
    text = Template('{% load media %}{% picture pic sizes="50vw" class="hero" %}').render(
        Context({"pic": pic})
    )
    start = f"/media/f/{row.token}"
    assert text == (
        f'<picture><source type="image/webp" srcset="{start}/320.webp 320w, {start}/400.webp 400w"'
        f' sizes="50vw"><img src="{start}/400.jpg"'
        f' srcset="{start}/320.jpg 320w, {start}/400.jpg 400w" sizes="50vw"'
        ' width="400" height="300" alt="瓶&quot;&gt;&lt;script&gt;" loading="lazy" decoding="async"'
        ' class="hero" data-color="#aabbcc"></picture>'
    )
    empty = Template('{% load media %}{% picture none class="hero" %}').render(
        Context({"none": None})
    )
    assert empty == '<span class="picture-none hero" aria-hidden="true"></span>'


def test_documents_are_listed_with_pages_and_size(firm):
    row = imported(firm, files.pdf(2), "document", "手册.pdf")
    found = selectors.attachments([row.pk])
    text = Template("{% load media %}{% attachments rows %}").render(
        Context({"rows": found.values()})
    )
    assert f'href="/media/f/{row.token}/file.pdf"' in text
    assert "手册.pdf" in text
    assert "2 页" in text


def test_the_library_shows_files_and_room_of_the_firm(firm, zhou, stranger):
    row = imported(firm, files.jpeg(400, 300), name="海.jpg")
    client = Client()
    client.force_login(zhou)
    page = client.get("/media/")
    assert page.status_code == 200
    assert f"/media/assets/{row.token}/" in page.text
    assert client.get(f"/media/assets/{row.token}/").status_code == 200
    client.force_login(stranger)
    assert f"/media/assets/{row.token}/" not in client.get("/media/").text
    assert client.get(f"/media/assets/{row.token}/").status_code == 404


def test_a_plain_form_uploads_without_script(firm, zhou, client):
    client.force_login(zhou)
    form = {
        "file": files.upload(files.jpeg(400, 300), "海.jpg"),
        "purpose": "gallery",
        "organisation_id": firm.pk,
    }
    answer = client.post("/media/upload", form)
    row = Asset.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/media/assets/{row.token}/")
    assert (row.organisation_id, row.uploader_id, row.state) == (firm.pk, zhou.pk, "received")
    page = client.get(f"/media/assets/{row.token}/", headers={"HX-Request": "true"})
    assert 'hx-trigger="every 2s"' in page.text
    assert "<html" not in page.text


def test_a_wrong_file_in_the_form_is_explained_at_its_field(firm, zhou, client):
    client.force_login(zhou)
    form = {
        "file": files.upload(b"<svg/>", "a.svg"),
        "purpose": "gallery",
        "organisation_id": firm.pk,
    }
    page = client.post("/media/upload", form)
    assert page.status_code == 422
    assert "SVG 图片里可能带有脚本，不能上传。请导出为 PNG 或 JPEG。" in page.text
    assert Asset.objects.count() == 0


def test_a_form_that_claims_ten_gigabytes_is_refused_before_it_is_read(zhou, client):
    client.force_login(zhou)
    answer = client.generic(
        "POST", "/media/upload", b"", CONTENT_LENGTH=str(10 * 10**9), HTTP_ACCEPT="application/json"
    )
    assert (answer.status_code, answer.json()["error"]) == (413, "UseResumable")
