"""What pages show of titles, offers and licences."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from haishi.catalogue import selectors as catalogue
from haishi.catalogue.selectors import Act
from haishi.catalogue.selectors import Offer as Added
from haishi.contracts import selectors as contracts
from haishi.foundation.audit import history
from haishi.foundation.errors import Forbidden
from haishi.foundation.types import Actor
from haishi.licences import policies, wording
from haishi.licences.models import Licence, Offer, Seat, Title
from haishi.licences.selectors.core import licences_visible_to, open_offers
from haishi.licences.states import GRANTED, TALKING, Exclusivity, LicenceState, Right, TitleState
from haishi.licences.territories import TERRITORIES, WORLD
from haishi.licences.types import TERM_FIELDS
from haishi.media import selectors as media
from haishi.parties import selectors as parties

__all__ = [
    "GUARANTEES",
    "accesses_of",
    "changes_of",
    "contract_of",
    "desk_rows",
    "files_of",
    "licences_of",
    "links_of",
    "market",
    "offers_of",
    "product_offer",
    "seats_of",
    "shares_with_names",
    "steps_of",
    "story_of",
    "title_queue",
    "with_pictures",
]
PER_PAGE = 24
# Up to so many minor units of CNY; "none" asks for no guarantee.
GUARANTEES = {"none": 0, "50000": 5_000_000, "200000": 20_000_000}
QUEUES = {"waiting": TitleState.SUBMITTED, "verified": TitleState.VERIFIED}


def with_pictures(rows: Iterable[Offer]) -> list[Any]:
    """Offers with the first picture of their products as `picture`; one query."""
    offers: list[Any] = list(rows)
    faces = {row.pk: next(iter(row.product.picture_ids), None) for row in offers}
    found = media.pictures(faces.values(), (320, 640))
    for row in offers:
        row.picture = found.get(faces[row.pk] or 0)
    return offers


def market(asked: dict[str, str]) -> tuple[Page[Any], dict[str, str]]:
    """A page of open offers and the filters that were understood. Three queries."""
    rows, known = open_offers(), {}
    if (right := asked.get("right", "")) in Right.values:
        rows, known["right"] = rows.filter(rights__contains=[right]), right
    if (place := asked.get("territory", "")) in TERRITORIES:
        rows = rows.filter(territories__overlap=[place, WORLD])
        known["territory"] = place
    if (how := asked.get("exclusivity", "")) in Exclusivity.values:
        rows, known["exclusivity"] = rows.filter(exclusivity=how), how
    if (most := asked.get("guarantee", "")) in GUARANTEES:
        rows = rows.filter(currency="CNY", guarantee_minor__lte=GUARANTEES[most])
        known["guarantee"] = most
    page = Paginator(rows.order_by("-opened_at", "-pk"), PER_PAGE).get_page(asked.get("page"))
    page.object_list = with_pictures(page.object_list)
    return page, known


def offers_of(product_id: int) -> list[Offer]:
    """Open offers of a product, newest first."""
    return list(open_offers().filter(product=product_id).order_by("-opened_at", "-pk"))


def product_offer(actor: Actor, product: Any, _tiers: Any) -> Added | None:
    """What a product's page says of its licences: the verified title and the open offers."""
    rows: list[Any] = offers_of(product.pk)
    if not rows:
        return None
    for row in rows:
        row.price_line = wording.price_line(row)
    first = rows[0].get_absolute_url()
    act = Act(_("申请授权"), first, "seal") if product.kind == "licence" else None
    return Added("licences/parts/product.html", {"rows": rows}, act=act)


def shares_with_names(row: Any) -> list[tuple[Any, int]]:
    """[(organisation, basis points)] of an offer or a licence; none: all is the licensor's."""
    if isinstance(row, Offer):
        found = row.shares.select_related("organisation").order_by("-points", "pk")
        return [(each.organisation, each.points) for each in found]
    firms = parties.organisations().in_bulk([firm for firm, _points in row.shares])
    return [(firms[firm], points) for firm, points in row.shares if firm in firms]


def links_of(actor: Actor, title: Title) -> list[Any]:
    """Steps of a chain; documents (as `papers`) only for those who may read them."""
    links: list[Any] = list(title.links.order_by("on", "pk"))
    ids = [pk for link in links for pk in link.document_ids]
    may = policies.can_read_papers(actor, title)
    found = media.private_attachments(actor, ids) if ids and may else {}
    for link in links:
        link.papers = [found[pk] for pk in link.document_ids if pk in found]
    return links


def title_queue(actor: Actor, queue: str, number: str) -> tuple[Page[Title], dict[str, int]]:
    """A page of one of `QUEUES` for a reviewer, and how many are in each. Raises Forbidden."""
    if not parties.can_verify(actor):
        raise Forbidden
    base = Title.objects.filter(_judged_by(actor)).exclude(organisation__in=parties.roles_of(actor))
    found = {name: base.filter(state=state) for name, state in QUEUES.items()}
    counts = {name: rows.count() for name, rows in found.items()}
    rows = found[queue if queue in QUEUES else "waiting"]
    rows = rows.select_related("product", "organisation").order_by("submitted_at", "pk")
    return Paginator(rows, PER_PAGE).get_page(number), counts


def _judged_by(actor: Actor) -> Q:
    return parties.firms_to_verify(actor)


def desk_rows(actor: Actor, firm: Any, product_id: int = 0) -> list[Any]:
    """Works of a firm with `chain` and `licence_offers`: those of kind licence, and those begun;
    with `product_id` that one alone, whatever its kind. Four queries.
    """
    titles = {row.product_id: row for row in Title.objects.filter(organisation=firm)}
    wanted = Q(pk=product_id) if product_id else Q(kind="licence") | Q(pk__in=titles)
    products = catalogue.visible_to(actor).filter(wanted, organisation=firm)
    rows: list[Any] = list(products.order_by("name", "pk")[:200])
    offers: dict[int, list[Offer]] = {}
    for offer in Offer.objects.filter(organisation=firm).order_by("pk"):
        offers.setdefault(offer.product_id, []).append(offer)
    for row in rows:
        row.chain = titles.get(row.pk)
        row.licence_offers = offers.get(row.pk, [])
    return rows


def licences_of(actor: Actor, side: str, state: str = "") -> QuerySet[Licence]:
    """Licences in which one of the person's firms is the licensor or the licensee."""
    mine = [*parties.roles_of(actor)]
    rows = licences_visible_to(actor).filter(**{f"{side}__in": mine})
    groups = {
        "talks": (*TALKING, LicenceState.SIGNING, LicenceState.PAYING),
        "active": (LicenceState.ACTIVE, LicenceState.SUSPENDED),
        "over": [each for each in LicenceState if each not in (*TALKING, *GRANTED)],
    }
    if state in groups:
        rows = rows.filter(state__in=groups[state])
    return rows.order_by("-pk")


def changes_of(licence: Licence) -> list[dict[str, Any]]:
    """Versions of the terms, newest first, each with what changed: [(label, before, after)]."""

    rows = list(licence.proposals.select_related("author").order_by("number"))
    found = []
    first: Any = licence.offer
    for before, row in zip([first, *rows], rows, strict=False):
        diff = [
            (wording.label(name), wording.value(before, name), wording.value(row, name))
            for name in TERM_FIELDS
            if getattr(before, name) != getattr(row, name)
            and not (name == "starts_on" and before.starts_on is None)
        ]
        found.append({"row": row, "changes": diff})
    return found[::-1]


def steps_of(actor: Actor, licence: Licence) -> dict[str, bool]:
    """{what the person may do with the licence now: True}."""
    gives, takes = policies.is_licensor(actor, licence), policies.is_licensee(actor, licence)
    state = licence.state
    turn = {LicenceState.REQUESTED: gives, LicenceState.ANSWERED: takes}.get(
        LicenceState(state), False
    )
    force = policies.in_force(licence)
    may = {
        "answer": turn,
        "withdraw": takes and state in TALKING,
        "pay": takes and state == LicenceState.PAYING,
        "open": takes and force and licence.opened_at is None,
        "seats": takes and state in GRANTED,
        "goods": takes and state == LicenceState.ACTIVE and bool(licence.stages),
        "add_good": takes and state == LicenceState.ACTIVE,
        "approve": gives,
        "report": takes and licence.activated_at is not None,
        "stop": gives and state == LicenceState.ACTIVE,
        "resume": gives and state == LicenceState.SUSPENDED,
        "revoke": gives and state in (LicenceState.ACTIVE, LicenceState.SUSPENDED),
        "fetch": policies.can_fetch(actor, licence),
        "gives": gives,
        "takes": takes,
    }
    return {name: True for name, allowed in may.items() if allowed}


def contract_of(actor: Actor, licence: Licence) -> dict[str, Any]:
    """{contract, its parties, whether the person may `sign` now}; nothing before it is drawn up."""
    if not licence.contract:
        return {}
    row = contracts.get_contract(actor, licence.contract)
    signs = "sign" in contracts.steps_for(actor, row)
    return {"row": row, "parties": contracts.named_parties(row), "sign": signs}


def seats_of(licence: Licence) -> list[Seat]:
    """Who has one, oldest first."""
    rows = Seat.objects.filter(licence=licence, taken_at=None).select_related("person")
    return list(rows.order_by("pk"))


def accesses_of(licence: Licence) -> list[Any]:
    """The newest fetches."""
    return list(licence.accesses.select_related("person").order_by("-pk")[:20])


def files_of(licence: Licence) -> list[Any]:
    """The licensed files: what there is, not the way to it."""
    rows = media.assets(licence.offer.file_ids)
    return [rows[pk] for pk in licence.offer.file_ids if pk in rows and rows[pk].state == "ready"]


def story_of(row: Any) -> list[Any]:
    """What happened, newest first, each with its `words`."""
    entries: list[Any] = history(row, 30)
    for entry in entries:
        entry.words = wording.action(entry.action)
    return entries
