"""A closed edition becomes files that stand by themselves, and nothing else is ever served."""

import json
import posixpath
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from haishi.catalogue.tests.factories import ExhibitFactory, ProductFactory
from haishi.expo import selectors, services
from haishi.expo.tests.archives import archive_row, doctor, fall_silent, get_to, take_over
from haishi.expo.tests.factories import EditionFactory, ExhibitorFactory
from haishi.foundation import clock
from haishi.foundation.models import AuditEntry, Outbox
from haishi.foundation.outbox import drain
from haishi.media.tests.factories import kept_asset, ready_asset
from haishi.notices.tests.reading import subjects
from haishi.portal.tests.factories import shown_booth

pytestmark = pytest.mark.django_db
CHINESE = {"accept-language": "zh-CN"}


@pytest.fixture
def edition(organiser):
    return EditionFactory(series__organiser=organiser, slug="haizhou-2026", name="海州博览会")


@pytest.fixture
def booth(edition, firm):
    """A shown booth with a banner in three sizes and two formats, a paper and a listed exhibit."""
    sizes = [[320, 180], [1280, 720], [1920, 1080]]
    names = [f"{width}.{form}" for width, _height in sizes for form in ("webp", "jpg")]
    banner = kept_asset(
        firm,
        "image",
        {name: name.encode() for name in names},
        token="sea",
        renditions={"webp": sizes, "jpg": sizes},
    )
    paper = kept_asset(
        firm, "document", {"whole.pdf": b"%PDF-1.7"}, token="paper", main="whole.pdf"
    )
    return shown_booth(
        edition=edition,
        organisation=firm,
        headline="光影里的海",
        banner_asset_id=banner.pk,
        document_ids=[paper.pk],
    )


@pytest.fixture
def closed(edition, booth, chen):
    return services.close(chen, edition.pk, name="海州博览会")


@pytest.fixture
def built(closed, settings):
    assert services.build_due() == 1
    return Path(settings.ARCHIVE_ROOT) / closed.slug


def pages(root: Path) -> dict[str, str]:
    return {p.relative_to(root).as_posix(): p.read_text("utf-8") for p in root.rglob("*.html")}


def manifest(root: Path) -> dict:
    return json.loads((root / "manifest.json").read_text("utf-8"))


def test_the_archive_holds_every_public_page_in_both_languages(built, booth):
    product = booth.exhibits.get().product
    names = {
        "index.html",
        "halls/index.html",
        f"halls/{booth.booth.hall.slug}/index.html",
        f"booths/{booth.pk}/index.html",
        "programme/index.html",
        "programme/changes/index.html",
        "speakers/index.html",
        "announcements/index.html",
        f"products/{product.slug}/index.html",
        "o/penglai/index.html",
    }
    wanted = {f"{short}/{name}" for short in ("zh", "en") for name in names} | {"index.html"}

    assert set(pages(built)) == wanted
    assert manifest(built)["pages"] == 20
    assert "光影里的海" in pages(built)[f"zh/booths/{booth.pk}/index.html"]
    assert 'lang="en"' in pages(built)["en/index.html"]


def test_every_link_picture_and_style_leads_to_a_file_of_the_archive(built):
    files = set(manifest(built)["files"])
    seen = set()
    for name, text in pages(built).items():
        for link in re.findall(r'\s(?:href|src|poster|srcset)="([^"]+)"', text):
            if link.startswith(("#", "http:", "https:", "mailto:", "data:")):
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), link.split("#")[0]))
            assert target in files, f"{name}: {link}"
            seen.add(target)
    assert {"zh/index.html", "en/index.html", "files/media/sea.webp"} <= seen
    assert any(name.endswith(".css") for name in seen)


def test_frozen_pages_hold_nothing_that_only_a_living_site_can_do(built):
    for text in pages(built).values():
        assert "columns-filter" not in text
        assert "存入日历" not in text
        assert not re.search(r"<(script|form|button|template|source)\b|hx-get|/media/f/", text)
    kinds = {posixpath.splitext(name)[1] for name in manifest(built)["files"]}
    assert kinds == {".html", ".css", ".woff2", ".svg", ".webp", ".pdf"}


def test_of_each_picture_one_size_is_kept_and_documents_whole(built, booth):
    kept = [name for name in manifest(built)["files"] if name.startswith("files/media/")]

    assert kept == ["files/media/paper.pdf", "files/media/sea.webp"]
    assert (built / "files/media/sea.webp").read_text() == "1280.webp"
    assert "../../../files/media/paper.pdf" in pages(built)[f"zh/booths/{booth.pk}/index.html"]


def test_nothing_hidden_or_unpublished_is_in(edition, booth, chen, settings):
    ExhibitorFactory(edition=edition, organisation__name="草稿单位", headline="草稿展位")
    shown_booth(
        edition=edition, state="suspended", reason="待核实", headline="暂停的展位",
        organisation__name="暂停单位",
    )  # fmt: skip
    draft = ProductFactory(organisation=booth.organisation, name="未上架的灯", state="draft")
    ExhibitFactory(exhibitor=booth, product=draft)
    session = services.create_session(chen, edition.pk, code="SEC1", title="未发布的论坛")
    asset = ready_asset(
        booth.organisation, token="secret", private=True, renditions={"jpg": [[9, 9]]}
    )
    type(booth).objects.filter(pk=booth.pk).update(media_ids=[asset.pk])
    services.close(chen, edition.pk, name="海州博览会")
    services.build_due()

    whole = "".join(pages(Path(settings.ARCHIVE_ROOT) / edition.slug).values())
    for words in ("草稿单位", "草稿展位", "暂停的展位", "暂停单位", "未上架的灯", session.title):
        assert words not in whole
    assert not list(Path(settings.ARCHIVE_ROOT).rglob("secret*"))


def test_a_page_that_strangers_cannot_open_is_left_out_with_the_links_to_it(
    closed, booth, settings
):
    services.register_archive_pages("gone", lambda _edition: [f"/e/{closed.slug}/halls/gone/"])
    hall = booth.booth.hall
    hall.summary = "走廊"
    hall.save()
    try:
        services.build_due()
    finally:
        services.register_archive_pages("gone", lambda _edition: [])

    names = set(pages(Path(settings.ARCHIVE_ROOT) / closed.slug))
    assert archive_row().state == "ready"
    assert "zh/halls/gone/index.html" not in names


def test_closing_orders_the_archive_and_its_state_and_the_owner_say_when_it_is_ready(
    closed, chen, settings
):
    assert archive_row().state == "waiting"
    assert (services.build_due(), services.build_due()) == (1, 0)

    row = archive_row()
    root = Path(settings.ARCHIVE_ROOT) / closed.slug
    assert (row.state, row.files) == ("ready", len(manifest(root)["files"]))
    assert row.size == (root / "archive.zip").stat().st_size
    assert row.edition.archived_at == row.finished_at
    assert [p.name for p in root.parent.iterdir()] == [closed.slug]
    drain()
    assert subjects(chen) == ["“海州博览会”的存档已完成"]
    assert AuditEntry.objects.filter(action="archive.built", subject_id=closed.pk).count() == 1


def test_the_zip_holds_all_of_it_once(built, closed, client):
    response = client.get(f"/archive/{closed.slug}.zip")

    assert response.headers["Content-Disposition"] == 'attachment; filename="haizhou-2026.zip"'
    (built.parent / "down.zip").write_bytes(response.getvalue())
    response.close()
    with zipfile.ZipFile(built.parent / "down.zip") as whole:
        names = {name.removeprefix("haizhou-2026/") for name in whole.namelist()}
        assert names == {*manifest(built)["files"], "manifest.json"}
        assert whole.testzip() is None


def test_files_are_served_with_their_types_and_run_nothing(built, closed, client):
    style = next(n for n in manifest(built)["files"] if n.endswith(".css"))
    types = {
        "": "text/html; charset=utf-8",
        "zh/index.html": "text/html; charset=utf-8",
        style: "text/css; charset=utf-8",
        "files/media/sea.webp": "image/webp",
        "files/media/paper.pdf": "application/pdf",
    }
    for name, kind in types.items():
        response = client.get(f"/archive/{closed.slug}/{name}")
        assert (response.status_code, response.headers["Content-Type"]) == (200, kind)
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; img-src")
        assert response.getvalue() == (built / (name or "index.html")).read_bytes()
        response.close()
    tag = response.headers["ETag"]
    again = client.get(f"/archive/{closed.slug}/{name}", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "name",
    [
        "manifest.json", "archive.zip", "zh", "zh/", "zh/none.html", "../secret.txt",
        "%2e%2e/secret.txt", "zh/../index.html", "/etc/passwd", "index.html%00", "扫帚.html",
        "stray.html", "link.html",
    ],
)  # fmt: skip
def test_what_the_manifest_does_not_name_does_not_exist(built, closed, client, name):
    (built.parent / "secret.txt").write_text("secret")
    (built / "stray.html").write_text("stray")
    (built / "link.html").symlink_to(built.parent / "secret.txt")

    assert client.get(f"/archive/{closed.slug}/{name}").status_code == 404


def test_a_link_or_a_way_out_is_no_file_even_when_a_manifest_names_it(built, closed, client):
    (built.parent / "secret.txt").write_text("secret")
    page = built / "zh" / "index.html"
    page.unlink()
    page.symlink_to(built.parent / "secret.txt")
    text = (built / "manifest.json").read_text().replace('"en/index.html"', '"../secret.txt"')
    (built / "manifest.json").write_text(text)

    for name in ("zh/index.html", "../secret.txt", "%2e%2e/secret.txt"):
        assert client.get(f"/archive/{closed.slug}/{name}").status_code == 404


def test_before_it_is_built_there_is_no_archive(closed, client):
    for path in (f"/archive/{closed.slug}/", f"/archive/{closed.slug}.zip", "/archive/none/"):
        assert client.get(path).status_code == 404
    assert "/archive/" not in client.get(f"/e/{closed.slug}/", headers=CHINESE).text


def test_the_page_of_the_closed_edition_leads_to_its_archive(built, closed, client):
    text = client.get(f"/e/{closed.slug}/", headers=CHINESE).text

    assert f'href="/archive/{closed.slug}/"' in text
    assert "查阅存档" in text


def test_every_file_is_found_in_the_manifest_and_between_two_there_is_none(built, closed):
    for name, (digest, size) in manifest(built)["files"].items():
        kept = selectors.archived_file(closed.slug, name)
        assert (kept.digest, kept.size) == (digest, size)


def test_the_doctor_finds_what_was_changed_and_what_is_missing(built, closed):
    assert doctor().ok
    page = built / "zh" / "index.html"
    page.write_text(page.read_text() + " ")
    assert doctor().detail == "存档缺失或被改动：haizhou-2026/zh/index.html"
    page.unlink()
    (built / "archive.zip").unlink()
    assert doctor().detail == (
        "存档缺失或被改动：haizhou-2026/archive.zip, haizhou-2026/zh/index.html"
    )
    shutil.rmtree(built)
    assert not doctor().ok


def test_a_build_that_died_halfway_is_taken_over_and_leaves_nothing_behind(closed, settings):
    died = services.take_archive(clock.now())
    half = Path(settings.ARCHIVE_ROOT) / f".{closed.slug}.{died.builder}.partial"
    (half / "zh").mkdir(parents=True)
    (half / "zh" / "index.html").write_text("half a page")
    assert services.build_due() == 0  # its sign of life is fresh

    fall_silent(minutes=3)
    assert services.build_due() == 1

    assert archive_row().state == "ready"
    assert [p.name for p in Path(settings.ARCHIVE_ROOT).iterdir()] == [closed.slug]
    assert doctor().ok


def test_a_builder_that_was_thought_dead_puts_nothing_in_place(closed, settings):
    services.register_archive_pages("takeover", take_over)
    try:
        assert services.build_due() == 1
    finally:
        services.register_archive_pages("takeover", lambda _edition: [])

    row = archive_row()
    assert (row.state, row.builder, row.edition.archived_at) == ("building", "another", None)
    assert list(Path(settings.ARCHIVE_ROOT).iterdir()) == []


def test_a_build_that_fails_says_why_and_may_be_ordered_again(closed, chen, client, settings):
    Path(settings.ARCHIVE_ROOT).write_text("a file where the folder should be")
    services.build_due()

    row = archive_row()
    assert (row.state, row.reason.split(":")[0]) == ("failed", "NotADirectoryError")
    client.force_login(chen)
    text = client.get(f"/organise/{closed.slug}/close/", headers=CHINESE).text
    assert "NotADirectoryError" in text
    assert "再次生成" in text
    Path(settings.ARCHIVE_ROOT).unlink()
    assert client.post(f"/organise/{closed.slug}/close/archive/").status_code == 302
    services.build_due()
    assert archive_row().state == "ready"


def test_an_archive_that_stands_is_not_built_again_and_one_that_went_missing_is(
    built, closed, chen, client
):
    client.force_login(chen)
    before = (built / "manifest.json").read_bytes()
    events = Outbox.objects.count()
    assert client.post(f"/organise/{closed.slug}/close/archive/").status_code == 409
    assert (services.build_due(), Outbox.objects.count()) == (0, events)
    assert (built / "manifest.json").read_bytes() == before

    shutil.rmtree(built)
    assert "存档不见了" in client.get(f"/organise/{closed.slug}/close/", headers=CHINESE).text
    assert client.post(f"/organise/{closed.slug}/close/archive/").status_code == 302
    assert services.build_due() == 1
    assert doctor().ok


def test_the_close_page_shows_how_far_the_build_is(closed, chen, client):
    client.force_login(chen)
    address = f"/organise/{closed.slug}/close/"
    assert "等待生成" in client.get(address, headers=CHINESE).text
    services.take_archive(clock.now())
    get_to(7, 18)

    part = client.get(address, headers={**CHINESE, "HX-Request": "true"}).text

    assert "第 7 页，共 18 页" in part
    assert 'hx-trigger="every 3s"' in part
    assert "<html" not in part
