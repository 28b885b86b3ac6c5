"""The archive keeps films as files with their posters, within bounds, and the firms' own pages."""

import json
import re
from pathlib import Path

import pytest

from haishi.expo import services
from haishi.expo.tests.archives import archive_row, doctor
from haishi.expo.tests.factories import EditionFactory, ExhibitorFactory
from haishi.media.tests.factories import kept_asset
from haishi.portal.tests.factories import shown_booth

pytestmark = pytest.mark.django_db
FILM = bytes(range(256)) * 8


@pytest.fixture
def edition(organiser):
    return EditionFactory(series__organiser=organiser, slug="haizhou-2026", name="海州博览会")


def film(firm, token):
    """A ready film of 2,048 bytes with a poster."""
    return kept_asset(
        firm, "video", {"video.mp4": FILM, "320.jpg": b"poster"}, token=token, main="video.mp4",
        renditions={"jpg": [[320, 180]]}, content_type="video/mp4",
    )  # fmt: skip


@pytest.fixture
def booths(edition, firm):
    """Two booths, each with a film."""
    tide = film(firm, "tide").pk
    first = shown_booth(
        edition=edition, organisation=firm, video_asset_id=tide, tier__may_video=True
    )
    second = shown_booth(edition=edition, tier__may_video=True)
    second.video_asset_id = film(second.organisation, "kite").pk
    second.save()
    return first, second


def build(chen, edition, settings) -> Path:
    services.close(chen, edition.pk, name="海州博览会")
    assert services.build_due() == 1
    return Path(settings.ARCHIVE_ROOT) / edition.slug


def manifest(root):
    return json.loads((root / "manifest.json").read_text("utf-8"))


def page(root, name):
    return (root / "zh" / name / "index.html").read_text("utf-8")


def test_a_film_is_kept_as_its_file_with_its_poster(edition, booths, chen, settings):
    root = build(chen, edition, settings)
    facts = manifest(root)
    player = re.search(r"<video\b.*?</video>", page(root, f"booths/{booths[0].pk}"))[0]
    assert 'src="../../../files/media/tide.mp4"' in player
    assert 'poster="../../../files/media/tide.jpg"' in player
    assert "controls" in player
    assert (root / "files/media/tide.mp4").read_bytes() == FILM
    assert facts["files"]["files/media/tide.mp4"][1] == len(FILM)
    assert (facts["videos"], facts["videos_left_out"]) == (2, 0)


def test_past_the_bound_the_poster_stands_and_the_manifest_says_so(edition, booths, chen, settings):
    settings.ARCHIVE_VIDEO_BYTES = len(FILM) + 100
    root = build(chen, edition, settings)
    kept = sorted(path.name for path in root.rglob("*.mp4"))
    assert kept == ["tide.mp4"]
    assert (manifest(root)["videos"], manifest(root)["videos_left_out"]) == (1, 1)
    second = page(root, f"booths/{booths[1].pk}")
    assert "<video" not in second
    assert '<img src="../../../files/media/kite.jpg"' in second


def test_with_a_bound_of_nothing_no_film_is_kept(edition, booths, chen, settings):
    settings.ARCHIVE_VIDEO_BYTES = 0
    root = build(chen, edition, settings)
    assert list(root.rglob("*.mp4")) == []
    assert archive_row().state == "ready"


def test_a_film_of_the_archive_is_served_in_parts(edition, booths, chen, client, settings):
    build(chen, edition, settings)
    address = "/archive/haizhou-2026/files/media/tide.mp4"
    part = client.get(address, headers={"Range": "bytes=256-511"})
    assert (part.status_code, part.headers["Content-Type"]) == (206, "video/mp4")
    assert part.headers["Content-Range"] == "bytes 256-511/2048"
    assert b"".join(part.streaming_content) == bytes(range(256))
    beyond = client.get(address, headers={"Range": "bytes=9999-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, "bytes */2048")
    assert "media-src 'self'" in part.headers["Content-Security-Policy"]


def test_the_doctor_sees_a_film_that_was_changed(edition, booths, chen, settings):
    root = build(chen, edition, settings)
    assert doctor().ok
    (root / "files/media/kite.mp4").write_bytes(b"another film")
    assert doctor().detail == "存档缺失或被改动：haizhou-2026/files/media/kite.mp4"


def test_a_firm_has_its_page_at_its_permanent_address_and_booths_lead_to_it(
    edition, booths, chen, settings
):
    ExhibitorFactory(edition=edition, organisation__slug="hidden", headline="草稿")
    root = build(chen, edition, settings)
    assert "蓬莱影业" in page(root, "o/penglai")
    assert 'href="../../o/penglai/index.html"' in page(root, f"booths/{booths[0].pk}")
    assert f'href="../../booths/{booths[0].pk}/index.html"' in page(root, "o/penglai")
    assert not (root / "zh/o/hidden").exists()
