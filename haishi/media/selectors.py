"""Reading files. List pages get all their pictures in one query."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from haishi.foundation import clock, signing
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.errors import Forbidden, NotFound
from haishi.foundation.prepared import Given, Prepared
from haishi.foundation.types import Actor
from haishi.media import policies
from haishi.media.models import Asset, Upload, Usage, Variant, holder_key
from haishi.media.policies import can_add as can_add  # part of the front door
from haishi.media.policies import register_reader as register_reader
from haishi.media.states import AssetState
from haishi.media.types import SIZES, Attachment, Picture, Renditions
from haishi.parties.selectors import roles_of

PERSON_QUOTA = 200 * 10**6
LINK_SECONDS = 600
_PICTURE = ("pk", "token", "renditions", "alt", "alt_en", "color")


def _public() -> QuerySet[Asset]:
    return Asset.objects.filter(pk__among=Given("ids"), state=AssetState.READY, private=False)


_PUBLIC = Prepared(_public)
_ASSETS = Prepared(lambda: Asset.objects.filter(pk__among=Given("ids")))
_PICTURES = Prepared(
    lambda: Asset.objects.filter(pk__among=Given("ids"), state=AssetState.READY).values_list(
        *_PICTURE, "private"
    )
)


def pictures(
    ids: Iterable[int | None],
    sizes: Sequence[int] = SIZES,
    *,
    admitted: Iterable[int | None] = (),
) -> dict[int, Picture]:
    """{asset id: Picture} of the public, ready ones among `ids`, in one query (none for no ids).

    `sizes`: the widths worth offering on this page; a picture narrower than all of them offers its
    smallest. Videos answer with their poster. `admitted`: further ids, private ones too, of what
    the reader was already admitted to, at signed addresses.
    """
    let_in = {each for each in admitted if each is not None}
    wanted = {each for each in ids if each is not None} | let_in
    if not wanted:
        return {}
    found = {}
    for pk, token, renditions, alt, alt_en, color, private in _PICTURES(ids=[*wanted]):
        if "jpg" in renditions and (not private or pk in let_in):
            kept = _narrow(renditions, max(sizes))
            tail = signature(token) if private else ""
            found[pk] = Picture(token, kept, Bilingual(alt, alt_en), color, tail)
    return found


def _narrow(renditions: Renditions, widest: int) -> Renditions:
    """Only renditions up to `widest`, and at least one of each format."""
    if renditions["jpg"][-1][0] <= widest:
        return renditions
    return {
        form: [entry for entry in entries if entry[0] <= widest] or entries[:1]
        for form, entries in renditions.items()
    }


def attachments(ids: Iterable[int | None]) -> dict[int, Attachment]:
    """{asset id: Attachment} of the public, ready ones among `ids`, in one query."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    return {row.pk: _attachment(row) for row in _PUBLIC(ids=[*wanted])}


def private_attachments(actor: Actor, ids: Iterable[int | None]) -> dict[int, Attachment]:
    """Like `attachments`, with private ones that `actor` may see, at signed addresses."""
    wanted = {each for each in ids if each is not None}
    rows = Asset.objects.filter(pk__in=wanted, state=AssetState.READY)
    return {row.pk: _attachment(row) for row in rows if policies.can_see(actor, row)}


def admitted_attachments(ids: Iterable[int | None]) -> dict[int, Attachment]:
    """Like `private_attachments`, for a reader admitted to what they hang on."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    rows = Asset.objects.filter(pk__in=wanted, state=AssetState.READY)
    return {row.pk: _attachment(row) for row in rows}


def _attachment(row: Asset) -> Attachment:
    tail = signature(row.token) if row.private else ""
    picture = None
    if "jpg" in row.renditions:
        picture = Picture(row.token, row.renditions, row.description, row.color, tail)
    if row.main:
        url = f"/media/f/{row.token}/{row.main}{tail}"
    else:
        url = picture.url(SIZES[-1]) if picture else ""
    return Attachment(
        id=row.pk,
        token=row.token,
        kind=row.kind,
        name=row.name,
        url=url,
        content_type=row.content_type,
        size=row.size,
        pages=row.pages,
        triangles=row.triangles,
        duration=None if row.duration_ms is None else row.duration_ms / 1000,
        picture=picture,
        alt=row.description,
        name_en=row.name_en,
    )


def private_pictures_of(rows: Iterable[Asset]) -> dict[int, Picture]:
    """{asset id: Picture} of rows whose reader was already admitted; without a query."""
    found = {}
    for row in rows:
        picture = _attachment(row).picture
        if picture is not None:
            found[row.pk] = picture
    return found


def signature(token: str, seconds: int = LINK_SECONDS) -> str:
    """`?key=…` that opens the files of a private asset for at least `seconds`, for whoever has it.

    The end is rounded up to whole minutes, so that a page shown twice has the same addresses.
    """
    until = (int(clock.now().timestamp()) + seconds) // 60 * 60 + 60
    return "?key=" + signing.sign("media", f"{token}.{until}").split(".", 1)[1]


def opens(token: str, key: str) -> bool:
    """Whether `key` is a signature for `token` that has not ended."""
    value = signing.unsign("media", f"{token}.{key}") if key else None
    if value is None:
        return False
    return dt.datetime.fromtimestamp(int(value.rpartition(".")[2]), dt.UTC) > clock.now()


def served(actor: Actor, token: str, name: str, key: str = "") -> Variant:
    """The variant behind an address. Raises NotFound, for strangers to a private asset too.

    `actor` is only looked at for private assets: a public picture costs one query, no session.
    """
    rows = Variant.objects.select_related("asset").filter(asset__token=token, name=name)
    row = rows.filter(asset__state=AssetState.READY).first()
    if row is None:
        raise NotFound
    if row.asset.private and not opens(token, key) and not policies.can_see(actor, row.asset):
        raise NotFound
    return row


def best_variant(asset_id: int) -> Variant:
    """The file that stands for a ready asset: the document, video or model itself, or the largest
    of a picture. For modules above that have admitted somebody. Raises NotFound.
    """
    rows = Variant.objects.select_related("asset")
    found = rows.filter(asset=asset_id, asset__state=AssetState.READY)
    for row in found:
        if row.asset.main and row.name == row.asset.main:
            return row
    pictures = [row for row in found if row.format == "jpg"]
    if not pictures:
        raise NotFound
    return max(pictures, key=lambda row: row.width or 0)


def owned_by(actor: Actor) -> QuerySet[Asset]:
    """Files of the person and of the person's organisations."""
    if not actor.is_authenticated:
        return Asset.objects.none()
    mine = Q(organisation_id__in=[*roles_of(actor)])
    return Asset.objects.filter(mine | Q(organisation=None, uploader_id=actor.pk))


def get_owned(actor: Actor, token: str) -> Asset:
    """A file the person may work with, in any state. Raises NotFound."""
    row = Asset.objects.filter(token=token).first()
    if row is None or not policies.belongs(actor, row):
        raise NotFound
    return row


def lock_changeable(actor: Actor, asset_id: int) -> Asset:
    """The asset, row locked, for one who may change it. Raises NotFound, Forbidden."""
    row = Asset.objects.select_for_update(of=("self",)).filter(pk=asset_id).first()
    if row is None or not policies.can_see(actor, row):
        raise NotFound
    if not policies.can_change(actor, row):
        raise Forbidden
    return row


def choosable(
    actor: Actor, organisation_id: int | None, tokens: Iterable[str], kinds: Iterable[str]
) -> list[Asset]:
    """Files of this organisation (or of the person) named by `tokens`, in their order.

    What is refused, of another kind or somebody else's is left out.
    """
    if not policies.can_add(actor, organisation_id):
        return []
    wanted = list(dict.fromkeys(tokens))
    rows = Asset.objects.filter(token__in=wanted, kind__in=[*kinds]).exclude(
        state=AssetState.REFUSED
    )
    if organisation_id is None:
        rows = rows.filter(organisation=None, uploader_id=actor.pk)
    else:
        rows = rows.filter(organisation_id=organisation_id)
    found = {row.token: row for row in rows}
    return [found[token] for token in wanted if token in found]


def assets(ids: Iterable[int]) -> dict[int, Asset]:
    """{id: asset} in any state, for forms and back offices that already checked who asks."""
    return {row.pk: row for row in _ASSETS(ids=[*ids])}


def get_upload(actor: Actor, token: str) -> Upload:
    """An upload of this very person, unfinished or finished. Raises NotFound."""
    row = Upload.objects.select_related("asset").filter(token=token, uploader_id=actor.pk).first()
    if actor.pk is None or row is None or row.expires_at <= clock.now():
        raise NotFound
    return row


def quota(organisation_id: int | None) -> int:
    """Bytes an organisation may keep; for a person without one, `PERSON_QUOTA`."""
    return PERSON_QUOTA if organisation_id is None else int(settings.MEDIA_QUOTA_BYTES)


def used(organisation_id: int | None, person_id: int | None) -> int:
    """Bytes kept or announced."""
    row = Usage.objects.filter(holder=holder_key(organisation_id, person_id)).first()
    return row.size if row else 0


def counts() -> dict[str, Any]:
    """For the doctor: how many wait, and since when the oldest does."""
    pending = Asset.objects.filter(state__in=[AssetState.RECEIVED, AssetState.PROCESSING])
    oldest = pending.order_by("created_at").values_list("created_at", flat=True).first()
    return {"pending": pending.count(), "oldest": oldest}


def belong_to(organisation_id: int, ids: Sequence[int]) -> bool:
    """Whether all `ids` are files of the organisation."""
    wanted = set(ids)
    rows = Asset.objects.filter(pk__in=wanted, organisation=organisation_id)
    return rows.count() == len(wanted)
