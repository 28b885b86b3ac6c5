"""Kinds of asset, what each purpose accepts, how far an asset has come."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from haishi.foundation.states import Transitions

MB = 10**6
PLAIN_BYTES = 50 * MB  # more than this goes through the resumable upload


class Kind(models.TextChoices):
    """What a file is, by its content."""

    IMAGE = "image", _("图片")
    VIDEO = "video", _("视频")
    MODEL = "model", _("三维模型")
    DOCUMENT = "document", _("文档")


MAX_BYTES: dict[str, int] = {
    Kind.IMAGE: 50 * MB,
    Kind.VIDEO: 2_000 * MB,
    Kind.MODEL: 20 * MB,
    Kind.DOCUMENT: 100 * MB,
}


class Purpose(models.TextChoices):
    """What an asset is for; decides what it may be and who may see it."""

    PICTURE = "picture", _("图片")
    GALLERY = "gallery", _("图片或视频")
    VIDEO = "video", _("视频")
    MODEL = "model", _("三维模型")
    DOCUMENT = "document", _("文档")
    PAPERS = "papers", _("证明材料")
    SEALED = "sealed", _("保密文件")


@dataclass(frozen=True)
class Rule:
    """Kinds a purpose accepts, and whether its files are hidden from the public."""

    kinds: tuple[str, ...]
    private: bool = False

    @property
    def max_bytes(self) -> int:
        """The largest file any of the kinds may be."""
        return max(MAX_BYTES[kind] for kind in self.kinds)


RULES: dict[str, Rule] = {
    Purpose.PICTURE: Rule((Kind.IMAGE,)),
    Purpose.GALLERY: Rule((Kind.IMAGE, Kind.VIDEO)),
    Purpose.VIDEO: Rule((Kind.VIDEO,)),
    Purpose.MODEL: Rule((Kind.MODEL,)),
    Purpose.DOCUMENT: Rule((Kind.DOCUMENT,)),
    Purpose.PAPERS: Rule((Kind.IMAGE, Kind.DOCUMENT), private=True),
    Purpose.SEALED: Rule((Kind.IMAGE, Kind.VIDEO, Kind.MODEL, Kind.DOCUMENT), private=True),
}

ACCEPT: dict[str, str] = {
    Kind.IMAGE: "image/jpeg,image/png,image/webp,image/avif,image/gif",
    Kind.VIDEO: "video/mp4,video/webm",
    Kind.MODEL: ".glb",
    Kind.DOCUMENT: ".pdf,.docx,.xlsx,.pptx,.ofd",
}


class AssetState(models.TextChoices):
    """How far an asset has come."""

    RECEIVED = "received", _("等待处理")
    PROCESSING = "processing", _("处理中")
    READY = "ready", _("可以使用")
    REFUSED = "refused", _("未通过检查")


PENDING = (AssetState.RECEIVED, AssetState.PROCESSING)
ASSET = Transitions(
    {
        (AssetState.RECEIVED, "begin"): AssetState.PROCESSING,
        (AssetState.PROCESSING, "begin"): AssetState.PROCESSING,
        (AssetState.PROCESSING, "finish"): AssetState.READY,
        (AssetState.RECEIVED, "refuse"): AssetState.REFUSED,
        (AssetState.PROCESSING, "refuse"): AssetState.REFUSED,
    }
)
