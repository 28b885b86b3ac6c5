"""Offers of licences: written, opened, withdrawn."""

from collections.abc import Sequence
from typing import Any

from haishi.foundation import audit, clock
from haishi.foundation.errors import Conflict
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.licences import selectors
from haishi.licences.errors import FilesGone, SharesWrong, TitleMissing
from haishi.licences.events import OfferChanged
from haishi.licences.models import Offer, OfferShare
from haishi.licences.services import terms as rules
from haishi.licences.services.numbers import new_number
from haishi.licences.states import OFFER, OfferState, TitleState
from haishi.licences.types import Terms
from haishi.media import selectors as media

Shares = Sequence[tuple[int, int]]


@service
def draft_offer(
    actor: Actor,
    title_id: int,
    *,
    terms: Terms,
    summary: str = "",
    summary_en: str = "",
    file_ids: Sequence[int] = (),
    shares: Shares = (),
) -> Offer:
    """Write an offer for a work whose chain is kept here.

    `shares`: (organisation id, basis points), all or none. Raises NotFound, Forbidden,
    TermsIncomplete, TermsWrong, FilesGone, SharesWrong.
    """
    title = selectors.lock_title(actor, title_id)
    _files(title.organisation_id, file_ids)
    row = Offer.objects.create(
        number=new_number("P"),
        title=title,
        product_id=title.product_id,
        organisation_id=title.organisation_id,
        summary=summary,
        summary_en=summary_en,
        file_ids=[*file_ids],
        **rules.check(terms).row(),
    )
    _share(row, shares)
    audit.record(actor, "offer.drafted", row, number=row.number, shares=shares)
    return row


@service
def edit_offer(
    actor: Actor,
    number: str,
    *,
    seen: int,
    terms: Terms,
    summary: str = "",
    summary_en: str = "",
    file_ids: Sequence[int] = (),
    shares: Shares = (),
) -> Offer:
    """Other terms for those who ask from now on; licences that exist keep theirs.

    Raises NotFound, Forbidden, Stale, and what `draft_offer` raises.
    """
    row = selectors.lock_own_offer(actor, number)
    _files(row.organisation_id, file_ids)
    values = rules.check(terms).row()
    changed = audit.save_edited(
        actor, "offer.edited", row, seen,
        summary=summary, summary_en=summary_en, file_ids=[*file_ids], **values,
    )  # fmt: skip
    if sorted(shares) != sorted(row.shares.values_list("organisation_id", "points")):
        row.shares.all().delete()
        _share(row, shares)
        audit.record(actor, "offer.shared", row, shares=shares)
    if changed and row.state == OfferState.OPEN:
        _publish(row)
    return row


def _files(organisation_id: int, file_ids: Sequence[int]) -> None:
    if file_ids and not media.belong_to(organisation_id, file_ids):
        raise FilesGone


def _share(offer: Offer, shares: Shares) -> None:
    if not shares:
        return
    points = [each for _firm, each in shares]
    firms = {firm for firm, _points in shares}
    if sum(points) != 10_000 or min(points) <= 0 or len(firms) != len(points):
        raise SharesWrong
    if offer.organisation_id not in firms:
        raise SharesWrong
    OfferShare.objects.bulk_create(
        OfferShare(offer=offer, organisation_id=firm, points=each) for firm, each in shares
    )


@service
def open_offer(actor: Actor, number: str) -> Offer:
    """Show it to everybody. Raises NotFound, Forbidden, Conflict, TitleMissing."""
    row = selectors.lock_own_offer(actor, number)
    if row.title.state != TitleState.VERIFIED:
        raise TitleMissing
    if row.product.state != "listed":
        raise Conflict
    row.opened_at = clock.now()
    _move(actor, row, "open", "opened_at")
    return row


@service
def withdraw_offer(actor: Actor, number: str) -> Offer:
    """Take no new requests; licences and talks go on. Raises NotFound, Forbidden, Conflict."""
    row = selectors.lock_own_offer(actor, number)
    _move(actor, row, "withdraw")
    return row


def _move(actor: Actor, row: Offer, action: str, *fields: str) -> None:
    row.state = OFFER.after(row.state, action)
    row.version += 1
    row.save(update_fields=["state", "version", "updated_at", *fields])
    audit.record(actor, f"offer.{action}", row, state=row.state)
    _publish(row)


def _publish(row: Offer) -> None:
    publish(OfferChanged(organisation_id=row.organisation_id, offer_id=row.pk, state=row.state))


def shares_of(offer: Offer) -> list[list[Any]]:
    """[[organisation id, basis points]] as a licence keeps them."""
    rows = offer.shares.order_by("pk").values_list("organisation_id", "points")
    return [[firm, points] for firm, points in rows]
