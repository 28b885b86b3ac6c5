"""Files that mean harm, or that cannot be used: a reason in words, and nothing is kept."""

import struct

import pytest
from django.conf import settings
from django.core.files.storage import default_storage

from haishi.foundation.errors import DomainError, Forbidden
from haishi.media import services
from haishi.media.models import Asset, Usage, Variant
from haishi.media.tests import files

pytestmark = pytest.mark.django_db
UNKNOWN = (
    "不支持这种文件。可以上传：JPEG、PNG、WebP、AVIF、GIF 图片，MP4 或 WebM 视频，GLB 模型，"
    "PDF、Word、Excel、PowerPoint 文档。"
)


def kept():
    """Every stored file."""
    root = settings.MEDIA_ROOT
    return (
        sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
        if root.exists()
        else []
    )


AT_ONCE = [
    (b"", "picture", "这个文件是空的。"),
    (b"hello", "picture", UNKNOWN),
    (
        b'<?xml version="1.0"?><svg onload="alert(1)"/>',
        "picture",
        "SVG 图片里可能带有脚本，不能上传。请导出为 PNG 或 JPEG。",
    ),
    (b"<!DOCTYPE html><script>1</script>", "picture", "网页文件不能上传。"),
    (
        b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
        "picture",
        "暂不支持 HEIC 照片。请在相册中导出为 JPEG 后再上传。",
    ),
    (b"MZ\x90\x00", "document", "程序文件不能上传。"),
    (b"PK\x03\x04" + b"\0" * 60, "document", "压缩包不能上传。请解压后逐个上传里面的文件。"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "document",
        "旧版 Office 文件不能上传。请另存为 docx、xlsx、pptx 或 PDF。",
    ),
    (b"%PDF-1.7", "gallery", "这里只接受图片、视频，你选的文件是文档。"),
    (b"glTF" + b"\0" * 20_000_001, "model", "文件有 20 MB，超过了上限 20 MB。"),
]


@pytest.mark.parametrize(("content", "purpose", "words"), AT_ONCE)
def test_a_wrong_file_is_refused_at_once(firm, zhou, content, purpose, words):
    with pytest.raises(DomainError) as refusal:
        services.receive(zhou, firm.pk, files.upload(content, "photo.jpg"), purpose)
    assert str(refusal.value) == words
    assert (Asset.objects.count(), Usage.objects.count(), kept()) == (0, 0, [])


def refused(actor, organisation, content, purpose, callbacks):
    """Upload, look, and return the reason; proves that no byte and no room is left."""
    with callbacks(execute=True):
        row = services.receive(actor, organisation.pk, files.upload(content), purpose)
        services.process_now(row.pk)
    row.refresh_from_db()
    assert (row.state, Variant.objects.count(), Usage.objects.get().size, kept()) == (
        "refused",
        0,
        0,
        [],
    )
    return row.reason_text


def glb_with(change, blob=files.TRIANGLE):
    document = files.gltf()
    change(document)
    return files.glb(document, blob)


def many_triangles(document):
    document["nodes"] = [{"mesh": 0}] * 19_999 + [{"mesh": 0}]
    document["meshes"][0]["primitives"] *= 26


def circle(document):
    document["nodes"] = [{"mesh": 0, "children": [1]}, {"children": [0]}]


DAMAGED = "文件已损坏或不完整。请重新导出后再上传。"
BOUNDS = "模型的内部索引越界，文件不可信。请重新导出。"
ACTIVE = "PDF 里带有脚本、启动指令或内嵌文件，不能上传。请打印成新的 PDF 后再上传。"
LOOKED = {
    "image bomb": (
        lambda: files.png_bomb(30_000, 30_000),
        "picture",
        "图片有 900 百万像素，超过了上限 80。请缩小后再上传。",
    ),
    "image strip": (
        lambda: files.png_bomb(60_000, 10),
        "picture",
        "图片的边长超过了上限 16384 像素。请缩小后再上传。",
    ),
    "cut jpeg": (lambda: files.jpeg(800, 600)[:9_000], "picture", DAMAGED),
    "jpeg by name": (lambda: b"\xff\xd8\xff<?php system($_GET[0]);", "picture", DAMAGED),
    "pdf with script": (lambda: files.pdf(script=True), "document", ACTIVE),
    "pdf with hidden action": (lambda: files.pdf(hidden=True), "document", ACTIVE),
    "pdf with password": (
        lambda: files.pdf(password="x"),
        "document",
        "文件设有密码，无法检查。请去掉密码后再上传。",
    ),
    "pdf too long": (
        lambda: files.pdf(501),
        "document",
        "PDF 有 501 页，超过了上限 500 页。请拆分后再上传。",
    ),
    "pdf noise": (lambda: b"%PDF-1.7\n" + b"x" * 3000, "document", DAMAGED),
    "glb length": (lambda: files.glb()[:-4], "model", DAMAGED),
    "glb outside": (lambda: glb_with(lambda d: d["accessors"][0].update(count=4)), "model", BOUNDS),
    "glb view": (
        lambda: glb_with(lambda d: d["bufferViews"][0].update(byteLength=10**12)),
        "model",
        BOUNDS,
    ),
    "glb negative": (
        lambda: glb_with(lambda d: d["bufferViews"][0].update(byteOffset=-4)),
        "model",
        BOUNDS,
    ),
    "glb vertex": (
        lambda: files.glb(blob=files.TRIANGLE[:36] + struct.pack("<3H", 0, 1, 9) + b"\0\0"),
        "model",
        BOUNDS,
    ),
    "glb circle": (lambda: glb_with(circle), "model", BOUNDS),
    "glb external": (
        lambda: glb_with(lambda d: d.update(images=[{"uri": "http://x/a.png"}])),
        "model",
        "模型引用了外部文件。请导出为内含贴图的单个 GLB。",
    ),
    "glb bomb": (
        lambda: glb_with(many_triangles),
        "model",
        "模型有 520,000 个三角面，超过了上限 500,000。请减面后再上传。",
    ),
    "glb squeezed": (
        lambda: glb_with(lambda d: d.update(extensionsRequired=["KHR_draco_mesh_compression"])),
        "model",
        "模型用到了不支持的扩展（KHR_draco_mesh_compression）。请关闭压缩后重新导出。",
    ),
    "zip bomb": (
        lambda: files.docx({"word/big.xml": b"\0" * 60_000_000}),
        "document",
        "文档解压后过大，不能上传。",
    ),
    "zip path": (
        lambda: files.docx({"../../etc/passwd": b"x"}),
        "document",
        "文档内部的路径不安全，不能上传。请重新另存后再上传。",
    ),
    "macro": (
        lambda: files.docx({"word/vbaProject.bin": b"x"}),
        "document",
        "文档里带有宏或控件，不能上传。请另存为不含宏的格式。",
    ),
    "video noise": (
        lambda: b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp41" + b"x" * 500,
        "video",
        DAMAGED,
    ),
}


@pytest.mark.parametrize("name", LOOKED)
def test_a_harmful_file_is_refused_after_a_close_look(
    firm, zhou, name, django_capture_on_commit_callbacks
):
    make, purpose, words = LOOKED[name]
    assert refused(zhou, firm, make(), purpose, django_capture_on_commit_callbacks) == words


def test_a_texture_may_not_be_a_bomb(firm, zhou, django_capture_on_commit_callbacks):
    bomb = files.png_bomb(8_000, 8_000)
    bomb += b"\0" * (-len(bomb) % 4)
    document = files.gltf()
    document["buffers"] = [{"byteLength": 44 + len(bomb)}]
    document["bufferViews"].append({"buffer": 0, "byteOffset": 44, "byteLength": len(bomb)})
    document["images"] = [{"bufferView": 2, "mimeType": "image/png"}]
    content = files.glb(document, files.TRIANGLE + bomb)
    words = "模型贴图过大：单张边长上限 4096 像素，合计上限 64 百万像素。"
    assert refused(zhou, firm, content, "model", django_capture_on_commit_callbacks) == words


def test_a_video_browsers_cannot_play_is_refused(
    firm, zhou, tmp_path, django_capture_on_commit_callbacks
):
    content = files.video(tmp_path, codec="mpeg4")
    words = "不支持这种视频编码（mpeg4）。请导出为 H.264 画面、AAC 声音的 MP4。"
    assert refused(zhou, firm, content, "video", django_capture_on_commit_callbacks) == words


def test_the_reason_is_in_the_language_of_the_reader(
    firm, zhou, django_capture_on_commit_callbacks
):
    from django.utils.translation import override

    with override("en"):
        words = refused(zhou, firm, files.pdf(501), "document", django_capture_on_commit_callbacks)
    assert words == "The PDF has 501 pages; the limit is 500. Please split it and upload the parts."


def test_a_stranger_cannot_fill_the_room_of_a_firm(firm, stranger):
    with pytest.raises(Forbidden):
        services.receive(stranger, firm.pk, files.upload(files.jpeg()))
    assert (Asset.objects.count(), Usage.objects.count(), kept()) == (0, 0, [])


def test_what_does_not_fit_is_refused_with_the_room_left(firm, zhou, settings):
    content = files.png()
    settings.MEDIA_QUOTA_BYTES = len(content) + 10
    services.receive(zhou, firm.pk, files.upload(content))
    before = kept()
    with pytest.raises(DomainError) as refusal:
        services.receive(zhou, firm.pk, files.upload(content))
    assert str(refusal.value).startswith("空间不足：还剩 10 B，这个文件需要 ")
    assert (Asset.objects.count(), Usage.objects.get().size, kept()) == (1, len(content), before)
    assert default_storage.exists(Asset.objects.get().original)
