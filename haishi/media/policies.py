"""Who may add, see and change files."""

from collections.abc import Callable

from haishi.foundation.types import Actor
from haishi.media.models import Asset
from haishi.media.states import AssetState
from haishi.parties.selectors import can_manage, is_member

Reader = Callable[[Actor, Asset], bool]
_readers: dict[str, list[Reader]] = {}


def register_reader(purpose: str, reader: Reader) -> None:
    """Let a higher module open private files of `purpose` to more people (reviewers, a buyer)."""
    _readers.setdefault(purpose, []).append(reader)


def can_add(actor: Actor, organisation_id: int | None) -> bool:
    """Members for their organisation; anybody with an account for themselves."""
    if organisation_id is None:
        return bool(actor.is_authenticated or actor.is_staff)
    return actor.is_staff or is_member(actor, organisation_id)


def belongs(actor: Actor, asset: Asset) -> bool:
    """The uploader, and every member of the organisation it belongs to."""
    if actor.is_staff:
        return True
    if asset.organisation_id is not None:
        return is_member(actor, asset.organisation_id)
    return actor.pk is not None and asset.uploader_id == actor.pk


def can_see(actor: Actor, asset: Asset) -> bool:
    """Public files that are ready: everybody. Else those it belongs to and registered readers."""
    if asset.state == AssetState.READY and not asset.private:
        return True
    if belongs(actor, asset):
        return True
    return any(reader(actor, asset) for reader in _readers.get(asset.purpose, ()))


def can_change(actor: Actor, asset: Asset) -> bool:
    """The uploader while a member, and the organisation's managers."""
    if actor.is_staff:
        return True
    if asset.organisation_id is None:
        return actor.pk is not None and asset.uploader_id == actor.pk
    mine = asset.uploader_id == actor.pk and is_member(actor, asset.organisation_id)
    return mine or can_manage(actor, asset.organisation_id)
