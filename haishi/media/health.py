"""The doctor's questions about files."""

import datetime as dt
import uuid

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from haishi.foundation import clock
from haishi.foundation.health import Finding, check
from haishi.media import selectors

LATE = dt.timedelta(minutes=30)


@check("media storage")
def storage() -> Finding:
    """A file can be written, read and deleted."""
    remedy = _("文件存储无法写入：请检查 HAISHI_HOME/media 的权限，或对象存储的地址与密钥。")
    try:
        path = default_storage.save(f"check/{uuid.uuid4().hex}", ContentFile(b"haishi"))
        with default_storage.open(path) as stream:
            whole = stream.read() == b"haishi"
        default_storage.delete(path)
    except OSError as error:
        return Finding(False, type(error).__name__, remedy)
    return Finding(whole, _("可以读写"), "" if whole else remedy)


@check("media queue")
def queue() -> Finding:
    """No file waits long to be checked."""
    found = selectors.counts()
    late = found["oldest"] is not None and clock.now() - found["oldest"] > LATE
    detail = _("%(n)d 个文件等待检查") % {"n": found["pending"]}
    return Finding(
        not late, detail, _("有文件等待超过半小时：请确认后台进程在运行。") if late else ""
    )
