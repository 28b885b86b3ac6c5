"""What the portal adds to archives, and what people hear about their files.

Media and notices are strangers, so the two meet up here.
"""

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from haishi.expo.services import register_archive_pages
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.events import subscribe
from haishi.media import selectors as media
from haishi.media.events import AssetRefused, UploadExpired
from haishi.notices import services as notices
from haishi.portal import selectors

register_archive_pages("portal", selectors.edition_paths)
notices.register_kind("file", "文件", "Files", mail="digest")


@subscribe(AssetRefused)
def tell_refused(event: AssetRefused) -> None:
    """Who uploaded a file hears why it was not accepted: the page may be closed by then."""
    row = media.assets([event.asset_id]).get(event.asset_id)
    if event.uploader_id is None or row is None:
        return
    reasons = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            reasons.append(row.reason_text)
    notices.tell(
        [event.uploader_id],
        "file",
        _in_both(_("文件“%(name)s”未能通过检查"), event.name),
        Bilingual(*reasons),
        reverse("media:library"),
        topic=f"file:{event.asset_id}",
    )


@subscribe(UploadExpired)
def tell_expired(event: UploadExpired) -> None:
    """Who began an upload hears that it was thrown away."""
    if event.uploader_id is None:
        return
    notices.tell(
        [event.uploader_id],
        "file",
        _in_both(_("文件“%(name)s”没有传完"), event.name),
        _("一天之内没有传完，已经清除。需要的话请重新上传。"),
        reverse("media:library"),
        topic=f"upload:{event.name}"[:80],
    )


def _in_both(words: object, name: str) -> Bilingual:
    texts = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            texts.append(str(words) % {"name": name[:80]})
    return Bilingual(*texts)
