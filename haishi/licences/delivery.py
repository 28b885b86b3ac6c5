"""Licensed files on their way to one person: signed links, and a mark in what is delivered."""

import hashlib
import hmac
import io
import tempfile
import zipfile
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from haishi.foundation import clock, signing
from haishi.foundation.types import SYSTEM
from haishi.licences.models import Licence
from haishi.licences.policies import LINK_SECONDS, ZONE
from haishi.media import selectors as media

PURPOSE = "licence-file"
IN_MEMORY = 5_000_000
CHUNK = 1 << 20


def key_for(licence: Licence, person: Any, token: str) -> str:
    """A key that opens one file for one person for about a quarter of an hour.

    The end is rounded up to whole minutes, so that a page shown twice has the same addresses.
    """
    until = (int(clock.now().timestamp()) + LINK_SECONDS) // 60 * 60 + 60
    signed = signing.sign(PURPOSE, f"{licence.pk}-{person.pk}-{token}-{until}")
    return f"{until}.{signed.rpartition('.')[2]}"


def opens(key: str, licence: Licence, person: Any, token: str) -> bool:
    """Whether `key` was made for this file and this person, and has not ended."""
    until, _dot, mac = key.partition(".")
    if not until.isdigit() or len(until) > 12:
        return False
    value = f"{licence.pk}-{person.pk}-{token}-{until}"
    good = signing.unsign(PURPOSE, f"{value}.{mac}") == value
    return good and int(until) > clock.now().timestamp()


def mark_of(licence: Licence, person: Any, token: str) -> str:
    """24 hexadecimal digits that name licence, person, file and day, and that nobody else makes."""
    day = clock.local(clock.now(), ZONE).date()
    said = f"{licence.number}:{person.pk}:{token}:{day}"
    key = f"haishi:licence-mark:{settings.SECRET_KEY}".encode()
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()[:24]


def parcel(licence: Licence, person: Any, asset: Any, mark: str) -> Any:
    """An open ZIP: the file as it is, and a note that says to whom it was delivered."""
    out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    variant = media.served(SYSTEM, asset.token, _name_of(asset))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as pack:
        pack.writestr("README.txt", note(licence, person, asset, mark))
        with (
            default_storage.open(variant.path) as source,
            pack.open(asset.name, "w", force_zip64=True) as target,
        ):
            while piece := source.read(CHUNK):
                target.write(piece)
    out.seek(0)
    return out


def _name_of(asset: Any) -> str:
    """The served variant: the checked file, or the widest picture."""
    if asset.main:
        return str(asset.main)
    return f"{asset.renditions['jpg'][-1][0]}.jpg"


def note(licence: Licence, person: Any, asset: Any, mark: str) -> str:
    """What lies beside the file, with the line by which it can be traced."""
    text = io.StringIO()
    day = clock.local(clock.now(), ZONE).strftime("%Y-%m-%d %H:%M")
    lines = (
        _("授权编号：%(number)s") % {"number": licence.number},
        _("作品：%(work)s") % {"work": licence.product.name},
        _("文件：%(name)s") % {"name": asset.name},
        _("被授权方：%(firm)s") % {"firm": licence.licensee.name},
        _("交付给：%(person)s，%(time)s") % {"person": person.name, "time": day},
        _("追溯码：%(mark)s") % {"mark": mark},
        _("仅限上述授权范围内使用，不得转交他人。"),
    )
    text.write("\r\n".join(lines) + "\r\n")
    return text.getvalue()
