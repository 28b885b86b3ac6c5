"""What becomes of good files, and what is left of the bytes that came."""

import pytest
import pyvips
from django.core.files.storage import default_storage
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from haishi.foundation.errors import Forbidden
from haishi.foundation.models import Outbox
from haishi.foundation.types import SYSTEM
from haishi.media import selectors, services
from haishi.media.errors import FileRefused
from haishi.media.models import Asset, Usage, Variant
from haishi.media.tests import files

pytestmark = pytest.mark.django_db


def ready(actor, organisation, content, purpose="picture", name="file.bin"):
    row = services.receive(actor, organisation.pk, files.upload(content, name), purpose)
    services.process_now(row.pk)
    row.refresh_from_db()
    assert (row.state, row.reason_text) == ("ready", "")
    return row


def stored(row, name):
    with default_storage.open(row.variants.get(name=name).path) as stream:
        return stream.read()


def test_a_picture_comes_in_every_size_and_never_larger_than_itself(firm, zhou):
    row = ready(zhou, firm, files.jpeg(1500, 1000))
    expected = [[320, 213], [640, 427], [1280, 853], [1500, 1000]]
    assert row.renditions == {"jpg": expected, "webp": expected}
    assert (row.width, row.height, row.content_type) == (1500, 1000, "image/jpeg")
    for width, height in expected:
        for form in ("jpg", "webp"):
            image = pyvips.Image.new_from_buffer(stored(row, f"{width}.{form}"), "")
            assert (image.width, image.height) == (width, height)


def test_a_picture_wider_than_the_widest_size_is_brought_down_to_it(firm, zhou):
    row = ready(zhou, firm, files.jpeg(2400, 600))
    assert row.renditions["jpg"] == [[320, 80], [640, 160], [1280, 320], [1920, 480]]
    assert (row.width, row.height) == (2400, 600)


def test_nothing_of_the_place_or_the_camera_is_left(firm, zhou):
    content = files.jpeg(800, 600, gps=True)
    assert b"SecretCam" in content
    row = ready(zhou, firm, content)
    services.add_avif(row.pk)
    for variant in row.variants.all():
        assert b"SecretCam" not in stored(row, variant.name)
        image = pyvips.Image.new_from_buffer(stored(row, variant.name), "")
        assert [
            name for name in image.get_fields() if name.startswith(("exif", "xmp", "iptc"))
        ] == []


def test_a_picture_held_sideways_is_turned_upright(firm, zhou):
    row = ready(zhou, firm, files.jpeg(800, 600, orientation=6))
    assert (row.width, row.height, row.renditions["jpg"][-1]) == (600, 800, [600, 800])


def test_a_transparent_picture_stays_so_except_as_jpeg(firm, zhou):
    row = ready(zhou, firm, files.png(64, 64, alpha=True))
    bands = {
        form: pyvips.Image.new_from_buffer(stored(row, f"64.{form}"), "").bands
        for form in ("jpg", "webp")
    }
    assert bands == {"jpg": 3, "webp": 4}


def test_the_first_frame_of_a_moving_gif_is_kept(firm, zhou):
    frames = files.picture(40, 30).join(files.picture(40, 30), "vertical")
    row = ready(zhou, firm, frames.gifsave_buffer(page_height=30))
    assert row.renditions["jpg"] == [[40, 30]]


def test_avif_comes_later_by_a_job_of_low_priority(firm, zhou):
    row = ready(zhou, firm, files.jpeg(400, 300))
    jobs = ProcrastinateJob.objects.order_by("id").values_list("task_name", "priority", "args")
    assert list(jobs) == [
        ("media.process", 0, {"asset_id": row.pk}),
        ("media.add_avif", -10, {"asset_id": row.pk}),
    ]
    services.add_avif(row.pk)
    services.add_avif(row.pk)
    row.refresh_from_db()
    assert row.renditions["avif"] == [[320, 240], [400, 300]]
    assert row.variants.count() == 6
    assert stored(row, "320.avif")[4:12] == b"ftypavif"


def test_a_video_is_measured_copied_without_its_place_and_gets_a_poster(firm, zhou, tmp_path):
    content = files.video(tmp_path, place="+36.67+117.02/")
    assert b"loci" in content
    row = ready(zhou, firm, content, "gallery")
    assert (row.kind, row.duration_ms, row.width, row.height, row.main) == (
        "video",
        2000,
        640,
        360,
        "video.mp4",
    )
    assert row.renditions["jpg"] == [[320, 180], [640, 360]]
    copy = stored(row, "video.mp4")
    assert b"loci" not in copy
    assert copy.index(b"moov") < copy.index(b"mdat")
    shade = pyvips.Image.new_from_buffer(stored(row, "640.jpg"), "")(320, 180)
    assert [abs(a - b) <= 6 for a, b in zip(shade, (200, 60, 30), strict=True)] == [
        True,
        True,
        True,
    ]


def test_the_pages_of_a_pdf_are_counted(firm, zhou):
    row = ready(zhou, firm, files.pdf(7), "document", "目录 2026.exe")
    assert (row.pages, row.main, row.name) == (7, "file.pdf", "目录 2026.pdf")


def test_the_triangles_of_a_model_are_counted(firm, zhou):
    row = ready(zhou, firm, files.glb(), "model")
    assert (row.triangles, row.main) == (1, "model.glb")
    assert stored(row, "model.glb") == files.glb()


def test_an_office_document_is_kept_as_it_is(firm, zhou):
    row = ready(zhou, firm, files.docx(), "document", "a.zip")
    assert (row.name, row.main) == ("a.docx", "file.docx")
    assert row.content_type.endswith("wordprocessingml.document")


def test_an_electronic_invoice_is_known_by_its_entry_and_kept_as_it_is(firm, zhou):
    row = ready(zhou, firm, files.ofd(), "document", "票.zip")
    assert (row.name, row.main, row.content_type) == ("票.ofd", "file.ofd", "application/ofd")
    with pytest.raises(FileRefused):
        ready(zhou, firm, files.ofd("other.xml"), "document", "票.ofd")


def test_processing_twice_makes_nothing_twice(firm, zhou):
    row = ready(zhou, firm, files.jpeg(400, 300))
    services.process_now(row.pk)
    assert row.variants.count() == 4
    assert Outbox.objects.filter(label="media.AssetReady").count() == 1


def test_generated_content_is_ready_at_once(firm):
    row = services.import_generated(
        SYSTEM, firm.pk, files.jpeg(1200, 800), name="展品", alt="青瓷瓶", alt_en="Celadon vase"
    )
    assert (row.state, row.renditions["webp"]) == ("ready", [[320, 213], [640, 427], [1200, 800]])
    model = services.import_generated(
        SYSTEM, firm.pk, files.glb(), name="vase.glb", purpose="model"
    )
    assert (model.state, model.triangles, model.main) == ("ready", 1, "model.glb")
    assert ProcrastinateJob.objects.count() == 0


def test_a_page_of_pictures_costs_one_query(firm, django_assert_num_queries):
    rows = [
        services.import_generated(SYSTEM, firm.pk, files.jpeg(700, 500), name="a") for _ in range(3)
    ]
    with django_assert_num_queries(1):
        found = selectors.pictures([row.pk for row in rows] + [None, 999_999])
        assert sorted(found) == [row.pk for row in rows]
        token = rows[0].token
        assert found[rows[0].pk].srcset("webp") == (
            f"/media/f/{token}/320.webp 320w, /media/f/{token}/640.webp 640w, "
            f"/media/f/{token}/700.webp 700w"
        )
    with django_assert_num_queries(0):
        assert selectors.pictures([None]) == {}
    small = selectors.pictures([rows[0].pk], (320, 640))[rows[0].pk]
    assert [entry[0] for entry in small.renditions["jpg"]] == [320, 640]


def test_removal_takes_the_bytes_and_gives_the_room_back(
    firm, zhou, django_capture_on_commit_callbacks
):
    row = ready(zhou, firm, files.jpeg(400, 300))
    paths = [row.original, *row.variants.values_list("path", flat=True)]
    with django_capture_on_commit_callbacks(execute=True):
        services.remove(zhou, row.pk)
    assert [default_storage.exists(path) for path in paths] == [False] * 5
    assert (Asset.objects.count(), Variant.objects.count(), Usage.objects.get().size) == (0, 0, 0)


def test_a_document_gets_a_name_in_each_language_and_keeps_its_extension(firm, lin, zhou):
    row = ready(zhou, firm, files.pdf(), "document")
    client = Client()
    client.force_login(lin)
    form = {"name": "../产品册.exe", "name_en": "Product album"}
    assert client.post(f"/media/assets/{row.token}/", form).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.name_en) == ("产品册.pdf", "Product album.pdf")


def test_a_stranger_does_not_rename_a_file(firm, zhou, stranger):
    row = ready(zhou, firm, files.pdf(), "document")
    with pytest.raises(Forbidden):
        services.rename(stranger, row.pk, "我的")
    before = row.name
    row.refresh_from_db()
    assert (row.name, row.name_en) == (before, "")


def test_colleagues_describe_pictures_and_strangers_do_not(firm, lin, zhou, stranger):
    row = ready(zhou, firm, files.jpeg(400, 300))
    client = Client()
    client.force_login(stranger)
    assert client.post(f"/media/assets/{row.token}/", {"alt": "我的"}).status_code == 404
    assert client.post(f"/media/assets/{row.token}/remove").status_code == 404
    client.force_login(lin)
    answer = client.post(f"/media/assets/{row.token}/", {"alt": " 海上楼台 ", "alt_en": "Towers"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/media/assets/{row.token}/")
    row.refresh_from_db()
    assert (row.alt, row.alt_en) == ("海上楼台", "Towers")
