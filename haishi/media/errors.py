"""What media refuses: at once (errors) or after looking closely (reasons)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from haishi.foundation.errors import Conflict, DomainError

# A reason is kept as a code with values, so that each reader gets it in their own language.
REASONS: dict[str, Any] = {
    "unknown": _(
        "不支持这种文件。可以上传：JPEG、PNG、WebP、AVIF、GIF 图片，MP4 或 WebM 视频，GLB 模型，"
        "PDF、Word、Excel、PowerPoint 文档。"
    ),
    "empty": _("这个文件是空的。"),
    "svg": _("SVG 图片里可能带有脚本，不能上传。请导出为 PNG 或 JPEG。"),
    "page": _("网页文件不能上传。"),
    "heic": _("暂不支持 HEIC 照片。请在相册中导出为 JPEG 后再上传。"),
    "archive": _("压缩包不能上传。请解压后逐个上传里面的文件。"),
    "program": _("程序文件不能上传。"),
    "old_office": _("旧版 Office 文件不能上传。请另存为 docx、xlsx、pptx 或 PDF。"),
    "kind": _("这里只接受%(wanted)s，你选的文件是%(given)s。"),
    "size": _("文件有 %(size)s，超过了上限 %(limit)s。"),
    "damaged": _("文件已损坏或不完整。请重新导出后再上传。"),
    "heavy": _("文件过于复杂，处理时超出了限制。请简化后再上传。"),
    "pixels": _("图片有 %(given)s 百万像素，超过了上限 %(limit)s。请缩小后再上传。"),
    "sides": _("图片的边长超过了上限 %(limit)s 像素。请缩小后再上传。"),
    "codec": _("不支持这种视频编码（%(codec)s）。请导出为 H.264 画面、AAC 声音的 MP4。"),
    "no_picture": _("这个视频没有画面。"),
    "long": _("视频有 %(given)s 分钟，超过了上限 %(limit)s 分钟。"),
    "frame": _("视频画面超过了上限 %(limit)s 像素。请缩小后再上传。"),
    "encrypted": _("文件设有密码，无法检查。请去掉密码后再上传。"),
    "pages": _("PDF 有 %(given)s 页，超过了上限 %(limit)s 页。请拆分后再上传。"),
    "active": _("PDF 里带有脚本、启动指令或内嵌文件，不能上传。请打印成新的 PDF 后再上传。"),
    "glb_external": _("模型引用了外部文件。请导出为内含贴图的单个 GLB。"),
    "glb_bounds": _("模型的内部索引越界，文件不可信。请重新导出。"),
    "glb_triangles": _("模型有 %(given)s 个三角面，超过了上限 %(limit)s。请减面后再上传。"),
    "glb_texture": _("模型贴图过大：单张边长上限 4096 像素，合计上限 64 百万像素。"),
    "glb_extension": _("模型用到了不支持的扩展（%(name)s）。请关闭压缩后重新导出。"),
    "macros": _("文档里带有宏或控件，不能上传。请另存为不含宏的格式。"),
    "bomb": _("文档解压后过大，不能上传。"),
    "paths": _("文档内部的路径不安全，不能上传。请重新另存后再上传。"),
    "expired": _("24 小时内没有处理完，已撤下。请重新上传。"),
}


class FileRefused(DomainError):
    """The file cannot be accepted; `code` is one of REASONS."""

    field = "file"

    def __init__(self, code: str, **values: Any) -> None:
        self.code = code
        super().__init__(REASONS[code], **values)


class FileTooBig(FileRefused):
    """Larger than its kind may be. `size` and `limit` are words such as `12 MB`."""

    def __init__(self, size: str, limit: str) -> None:
        super().__init__("size", size=size, limit=limit)


class UseResumable(DomainError):
    message = _("超过 50 MB 的文件请在页面上用断点续传上传，中断后可以接着传。")
    field = "file"


class QuotaExceeded(DomainError):
    message = _("空间不足：还剩 %(left)s，这个文件需要 %(size)s。可以先删除不用的文件。")
    field = "file"


class UploadBusy(Conflict):
    message = _("这个文件正在另一处上传，请稍候再试。")


class OffsetWrong(Conflict):
    message = _("续传位置不符：服务器已收到 %(offset)s 字节。")


class ChecksumWrong(DomainError):
    message = _("这一段在传输中出错，请重传。")


class UploadMalformed(DomainError):
    message = _("上传请求有误：%(what)s。")


class InUse(Conflict):
    message = _("这个文件正在使用中。请先从使用它的页面移除。")
