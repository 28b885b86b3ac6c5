"""The chain of title: written by its firm, checked by reviewers."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from haishi.catalogue import selectors as catalogue
from haishi.foundation import audit, clock
from haishi.foundation.errors import NotFound
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.licences import chains, policies, selectors
from haishi.licences.errors import ChainBroken, FilesGone, ReasonMissing, TitleLocked
from haishi.licences.events import TitleAnswered, TitleSubmitted
from haishi.licences.models import Title, TitleLink
from haishi.licences.states import TITLE, LinkKind, TitleState
from haishi.media import selectors as media

OPEN = (TitleState.DRAFT, TitleState.RETURNED)


@service
def begin_title(actor: Actor, product_id: int) -> Title:
    """The chain of a product, made when there is none. Raises NotFound, Forbidden."""
    product = catalogue.lock_editable(actor, product_id)
    row, fresh = Title.objects.get_or_create(
        product=product, defaults={"organisation_id": product.organisation_id}
    )
    if fresh:
        audit.record(actor, "title.begun", row)
    return row


@service
def add_link(
    actor: Actor,
    title_id: int,
    *,
    kind: str,
    taker: str,
    on: dt.date,
    giver: str = "",
    until: dt.date | None = None,
    number: str = "",
    document_ids: Sequence[int] = (),
) -> TitleLink:
    """Write one step. Raises NotFound, Forbidden, TitleLocked, FilesGone."""
    title = selectors.lock_title(actor, title_id)
    _open(title)
    if document_ids and not media.belong_to(title.organisation_id, document_ids):
        raise FilesGone
    if title.links.count() >= policies.MOST_LINKS:
        raise TitleLocked
    link = TitleLink.objects.create(
        title=title,
        kind=kind,
        giver=giver,
        taker=taker,
        on=on,
        until=until if kind == LinkKind.EXCLUSIVE else None,
        number=number,
        document_ids=[*document_ids],
    )
    _changed(actor, title, "title.linked", link=link.pk, kind=kind, giver=giver, taker=taker)
    return link


@service
def drop_link(actor: Actor, title_id: int, link_id: int) -> None:
    """Strike one step out. Raises NotFound, Forbidden, TitleLocked."""
    title = selectors.lock_title(actor, title_id)
    _open(title)
    link = title.links.filter(pk=link_id).first()
    if link is None:
        raise NotFound
    said = {"kind": link.kind, "giver": link.giver, "taker": link.taker}
    link.delete()
    _changed(actor, title, "title.unlinked", link=link_id, **said)


def _open(title: Title) -> None:
    if title.state not in OPEN:
        raise TitleLocked


def _changed(actor: Actor, title: Title, action: str, **said: Any) -> None:
    title.version += 1
    title.save(update_fields=["version", "updated_at"])
    audit.record(actor, action, title, **said)


@service
def submit_title(actor: Actor, title_id: int) -> Title:
    """Hand the chain in. Raises NotFound, Forbidden, Conflict, ChainBroken."""
    title = selectors.lock_title(actor, title_id)
    title.state = TITLE.after(title.state, "submit")
    _check(title)
    title.submitted_at = clock.now()
    _move(actor, title, "submit", "submitted_at")
    publish(TitleSubmitted(organisation_id=title.organisation_id, title_id=title.pk))
    return title


def _check(title: Title) -> None:
    firm = title.organisation
    steps = [link.step for link in title.links.order_by("on", "pk")]
    found = chains.faults(steps, (firm.name, firm.name_en), policies.today())
    if found:
        raise ChainBroken(faults="；".join(found))


@service
def take_title_back(actor: Actor, title_id: int) -> Title:
    """To change it: its offers rest until it is verified again.

    Raises NotFound, Forbidden, Conflict.
    """
    title = selectors.lock_title(actor, title_id)
    title.state = TITLE.after(title.state, "take_back")
    title.verified_at = title.verified_by = None
    _move(actor, title, "take_back", "verified_at", "verified_by")
    return title


@service
def verify_title(actor: Actor, title_id: int) -> Title:
    """A reviewer has compared documents and chain.

    Raises NotFound, Forbidden, Conflict, ChainBroken (an exclusive licence ended meanwhile).
    """
    title = selectors.lock_title_for_review(actor, title_id)
    title.state = TITLE.after(title.state, "verify")
    _check(title)
    title.reason = ""
    title.verified_at, title.verified_by_id = clock.now(), actor.pk
    _move(actor, title, "verify", "verified_at", "verified_by", "reason")
    _answered(title)
    return title


@service
def return_title(actor: Actor, title_id: int, reason: str) -> Title:
    """A reviewer asks for more, or takes a mark back. Raises NotFound, Forbidden, ReasonMissing."""
    title = selectors.lock_title_for_review(actor, title_id)
    if not reason.strip():
        raise ReasonMissing
    title.state = TITLE.after(title.state, "return")
    title.reason = reason[:400]
    title.verified_at = title.verified_by = None
    _move(actor, title, "return", "verified_at", "verified_by", "reason")
    _answered(title)
    return title


def _move(actor: Actor, title: Title, action: str, *fields: str) -> None:
    title.version += 1
    title.save(update_fields=["state", "version", "updated_at", *fields])
    audit.record(actor, f"title.{action}", title, state=title.state, reason=title.reason)


def _answered(title: Title) -> None:
    publish(
        TitleAnswered(organisation_id=title.organisation_id, title_id=title.pk, state=title.state)
    )
