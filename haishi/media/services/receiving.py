"""A file arrives: sniffed, counted, stored, and handed to the job that looks closely."""

from typing import Any

from procrastinate.contrib.django import app

from haishi.foundation import audit
from haishi.foundation.errors import Forbidden
from haishi.foundation.service import service
from haishi.foundation.text import clean
from haishi.foundation.types import Actor
from haishi.media import policies, selectors
from haishi.media.errors import FileRefused, FileTooBig, UseResumable
from haishi.media.models import Asset, holder_key, new_token
from haishi.media.services import room, shelf
from haishi.media.sniffing import HEAD_BYTES, Sniffed, clean_name, sniff
from haishi.media.states import MAX_BYTES, PLAIN_BYTES, RULES, Kind, Purpose
from haishi.media.types import size_words


@service
def receive(
    actor: Actor,
    organisation_id: int | None,
    file: Any,
    purpose: str = Purpose.PICTURE,
    *,
    alt: str = "",
    alt_en: str = "",
) -> Asset:
    """Take a file of a form (at most 50 MB); it is checked and made ready by a job.

    `file` has `name`, `size`, `read` and `seek`. `organisation_id` None: the person's own.
    Raises Forbidden, UseResumable, FileRefused, FileTooBig, QuotaExceeded.
    """
    if not policies.can_add(actor, organisation_id):
        raise Forbidden
    if file.size > PLAIN_BYTES:
        raise UseResumable
    sniffed = identify(file, purpose)
    room.take(holder_key(organisation_id, actor.pk), file.size, selectors.quota(organisation_id))
    return take_in(actor, organisation_id, file, purpose, sniffed, alt=alt, alt_en=alt_en)


def identify(file: Any, purpose: str) -> Sniffed:
    """What the file is, if the purpose accepts it. Raises FileRefused, FileTooBig."""
    rule = RULES[purpose]
    if not file.size:
        raise FileRefused("empty")
    file.seek(0)
    head = file.read(HEAD_BYTES)
    tail = b""
    if head.startswith(b"PK"):  # the directory of an archive stands at its end
        file.seek(max(0, file.size - 65_536))
        tail = file.read()
    file.seek(0)
    sniffed = sniff(head, tail)
    if sniffed.kind not in rule.kinds:
        wanted = "、".join(str(Kind(kind).label) for kind in rule.kinds)
        raise FileRefused("kind", wanted=wanted, given=Kind(sniffed.kind).label)
    limit = MAX_BYTES[sniffed.kind]
    if file.size > limit:
        raise FileTooBig(size_words(file.size), size_words(limit))
    return sniffed


def take_in(
    actor: Actor,
    organisation_id: int | None,
    file: Any,
    purpose: str,
    sniffed: Sniffed,
    *,
    alt: str = "",
    alt_en: str = "",
    token: str = "",
) -> Asset:
    """Store an identified file whose room is already taken, and defer its job."""
    row = Asset(
        token=token or new_token(),
        organisation_id=organisation_id,
        uploader_id=actor.pk,
        purpose=purpose,
        kind=sniffed.kind,
        private=RULES[purpose].private,
        content_type=sniffed.content_type,
        name=clean_name(file.name or "", sniffed.extension),
        size=file.size,
        sha256=shelf.digest(file),
        alt=clean(alt)[:200],
        alt_en=clean(alt_en)[:300],
    )
    row.original = shelf.put(shelf.original_path(row.token, sniffed.extension), file)
    row.save()
    audit.record(actor, "media.received", row, name=row.name, size=row.size, sha256=row.sha256)
    defer("media.process", row.pk)
    return row


def defer(task: str, asset_id: int, *, priority: int = 0) -> None:
    """Put a job in the queue, in this transaction."""
    app.configure_task(task, queue="media", priority=priority).defer(asset_id=asset_id)
