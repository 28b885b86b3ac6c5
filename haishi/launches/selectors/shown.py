"""Launches as visitors see them. Nothing secret is copied into what a page gets."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from haishi.catalogue.selectors import Offer
from haishi.catalogue.states import ProductState
from haishi.expo import selectors as expo
from haishi.foundation import clock
from haishi.foundation.bilingual import Bilingual, pick
from haishi.foundation.errors import NotFound
from haishi.foundation.money import Money
from haishi.foundation.prepared import Given, Prepared, prepared_by
from haishi.foundation.types import Actor
from haishi.launches import policies
from haishi.launches.models import Allotment, Claim, Launch, Reservation
from haishi.launches.selectors.claims import SaleNumbers, my_claim, sale_numbers
from haishi.launches.selectors.core import get_launch, launches_visible_to
from haishi.launches.selectors.structured import structured
from haishi.launches.states import ClaimState, LaunchState, Rule
from haishi.launches.types import LaunchPage, Sale, Shown
from haishi.launches.wording import claim_text, length_text, rule_text
from haishi.media import selectors as media
from haishi.parties import selectors as parties

_ENDED = (LaunchState.CLOSED,)


def announced() -> QuerySet[Launch]:
    """What everybody may know of."""
    return launches_visible_to(AnonymousUser()).exclude(exhibitor__state="suspended")


def shown(rows: Iterable[Launch], *, preview: bool = False) -> list[Shown]:
    """`rows` as visitors see them now; one query for all pictures, one for all stages."""
    cards = _without_pictures(rows, preview)
    found = _pictures(card.picture_id for card in cards)
    for card in cards:
        card.picture = found.get(card.picture_id or 0)
    return cards


def _without_pictures(rows: Iterable[Launch], preview: bool = False) -> list[Shown]:
    launches = list(rows)
    stages = expo.stage_places([row.session_id for row in launches if row.session_id])
    return [_shown(row, stages.get(row.session_id or 0), preview) for row in launches]


def _face(row: Launch, preview: bool) -> int | None:
    open_now = preview or policies.is_unveiled(row)
    return (row.cover_asset_id if open_now else None) or row.teaser_asset_id


def _pictures(ids: Iterable[int | None]) -> dict[int, Any]:
    """Pictures that the caller has found to be open; the instant counts, not the seal."""
    return media.pictures((), admitted=ids)


def _shown(row: Launch, place: Any, preview: bool) -> Shown:
    unveiled = policies.is_unveiled(row)
    teaser = Bilingual(row.teaser, row.teaser_en)
    firm = row.exhibitor.organisation
    stage = "secret" if not policies.is_announced(row) else "soon"
    if unveiled:
        stage = "over" if row.state in _ENDED else "live"
    return Shown(
        pk=row.pk,
        version=row.version,
        slug=row.slug,
        url=row.get_absolute_url(),
        stage=stage,
        unveil_at=row.unveil_at,
        title=row.title if unveiled or preview else teaser,
        line=teaser if unveiled or preview else Bilingual("", ""),
        firm=firm.title,
        firm_url=firm.get_absolute_url(),
        reservations=row.reservations,
        place=place,
        picture_id=_face(row, preview),
    )


def launch_page(actor: Actor, slug: str) -> LaunchPage:
    """A launch for this reader. Raises NotFound."""
    row = get_launch(actor, slug)
    preview = not policies.is_announced(row)
    open_now = preview or policies.is_unveiled(row)
    face = shown([row], preview=preview)[0]
    more = _pictures(row.picture_ids) if open_now else {}
    own = parties.is_member(actor, row.exhibitor.organisation_id)
    sale = sale_of(actor, row)
    listed = row.product is not None and row.product.state == ProductState.LISTED
    hall = reverse("launches:hall")
    return LaunchPage(
        shown=face,
        story=pick(row, "story") if open_now else "",
        pictures=[more[pk] for pk in row.picture_ids if pk in more],
        product_url=row.product.get_absolute_url() if row.product and listed and open_now else "",
        sale=sale,
        reservable=policies.is_reservable(row),
        reserved=_reserved(actor, row),
        own=own,
        draw_url=reverse("launches:draw", args=[slug]) if sale and sale.commitment else "",
        result_url=reverse("launches:result", args=[slug]) if sale and face.unveiled else "",
        share_image=settings.PUBLIC_URL + face.picture.url(1280) if face.picture else "",
        structured_data="" if preview else structured(face, sale),
        zone=row.exhibitor.edition.time_zone,
        trail=[{"label": _("新品发布厅"), "url": hall}, {"label": str(face.title), "url": ""}],
    )


def _reserved(actor: Actor, row: Launch) -> bool:
    if not actor.is_authenticated:
        return False
    return Reservation.objects.filter(launch=row, person_id=actor.pk).exists()


def sale_of(actor: Actor, row: Launch) -> Sale | None:
    """The first sale of a launch for this reader, when there is one."""
    open_now = not policies.is_announced(row) or policies.is_unveiled(row)
    own = parties.is_member(actor, row.exhibitor.organisation_id)
    allotment: Allotment | None = getattr(row, "allotment", None)
    if allotment is None:
        return None
    claim = my_claim(actor, row)
    numbers = sale_numbers(allotment)
    selling = policies.is_selling(row, allotment)
    amount = Money(allotment.price_minor, allotment.currency)
    drawn = allotment.rule != Rule.FIRST_COME
    return Sale(
        kind=allotment.rule,
        rule=rule_text(allotment),
        currency=allotment.currency,
        label=allotment.get_rule_display(),
        quota=allotment.quota,
        price=str(amount) if open_now else "",
        amount=amount if open_now else None,
        opens_at=allotment.opens_at,
        closes_at=allotment.closes_at,
        pay_length=length_text(allotment.pay_minutes),
        open_now=selling,
        awaits_result=drawn and not allotment.decided_at and allotment.closes_at <= clock.now(),
        decided_at=allotment.decided_at,
        commitment=allotment.commitment if drawn else "",
        numbers=numbers,
        claim=claim,
        claim_text=claim_text(claim) if claim else "",
        pay_url=pay_url(claim, row.slug) if claim else "",
        offers=() if own else _offers(allotment, claim, numbers, selling),
    )


def pay_url(claim: Claim, slug: str) -> str:
    """Where the person goes on with a won unit: to pay it, or to its order. Else empty."""
    if claim.order is not None:
        return reverse("trade:order", args=[claim.order.number])
    due = claim.state == ClaimState.WON and claim.pay_by and clock.now() < claim.pay_by
    return reverse("launches:pay", args=[slug]) if due else ""


def _offers(
    sale: Allotment, claim: Claim | None, numbers: SaleNumbers, selling: bool
) -> tuple[str, ...]:
    if claim is not None:
        held = (ClaimState.REQUESTED, ClaimState.WON, ClaimState.WAITING)
        return ("cancel",) if claim.state in held else ()
    if not selling:
        return ()
    if sale.rule != Rule.FIRST_COME:
        return ("request",)
    return ("claim",) if numbers.left > 0 else ("wait",)


def shown_for_calendar(slug: str) -> tuple[Shown, str]:
    """(launch, its time zone) for everybody. Raises NotFound."""
    row = announced().filter(slug=slug).first()
    if row is None:
        raise NotFound
    return shown([row])[0], row.exhibitor.edition.time_zone


def public_allotment(slug: str) -> Allotment:
    """The sale of an announced launch that is decided by lot. Raises NotFound."""
    rows = Allotment.objects.select_related("launch").filter(launch__in=announced().values("pk"))
    row = rows.filter(launch__slug=slug).exclude(rule=Rule.FIRST_COME).first()
    if row is None:
        raise NotFound
    return row


JUST_NOW = dt.timedelta(minutes=45)
# The busiest pages show cards of what everybody may know of: written once, and no more columns
# than a card has.
_ON_CARDS = (
    "slug", "state", "version", "name", "name_en", "teaser", "teaser_en", "teaser_asset_id",
    "cover_asset_id", "session_id", "unveil_at", "reservations", "exhibitor__organisation__slug",
    "exhibitor__organisation__name", "exhibitor__organisation__name_en",
)  # fmt: skip


def _cards() -> QuerySet[Launch]:
    return announced().select_related(None).select_related("exhibitor__organisation")


@prepared_by
def _near(number: int) -> QuerySet[Launch]:
    rows = _cards().filter(state__in=("announced", "live"), unveil_at__gt=Given("since"))
    return rows.only(*_ON_CARDS).order_by("unveil_at", "pk")[:number]


@prepared_by
def _of_exhibitor(number: int) -> QuerySet[Launch]:
    rows = _cards().filter(exhibitor=Given("exhibitor"))
    return rows.only(*_ON_CARDS).order_by("-unveil_at", "pk")[:number]


_OF_PRODUCT = Prepared(
    lambda: _cards().filter(product=Given("product")).only(*_ON_CARDS).order_by("-unveil_at")[:5]
)


def near(number: int = 6) -> list[Shown]:
    """What was unveiled a moment ago and what comes next, in the order of the clock.

    Without pictures: the page fetches them with its others, as those its reader may see.
    """
    return _without_pictures(_near(number)(since=clock.now() - JUST_NOW))


def of_exhibitor(exhibitor_id: int, number: int = 6) -> list[Shown]:
    """Announced launches of a booth, the newest first."""
    return shown(_of_exhibitor(number)(exhibitor=exhibitor_id))


def launch_offer(actor: Actor, product: Any, tiers: Any) -> Offer | None:
    """The mark on the page of a product that was shown to everybody first here. One query."""
    rows = _OF_PRODUCT(product=product.pk)
    row = next((row for row in rows if policies.is_unveiled(row)), None)
    if row is None:
        return None
    stage = "over" if row.state in _ENDED else "live"
    content = {"stage": stage, "url": row.get_absolute_url(), "unveil_at": row.unveil_at}
    return Offer("launches/parts/offer.html", content)


def counted(exhibitor_id: int) -> tuple[int, int]:
    """(reservations, claims) of all launches of a booth, for its funnel."""
    rows = Launch.objects.filter(exhibitor=exhibitor_id)
    kept = rows.aggregate(n=Sum("reservations"))["n"] or 0
    return int(kept), Claim.objects.filter(allotment__launch__exhibitor=exhibitor_id).count()


def newest(number: int = 40) -> list[tuple[Shown, dt.datetime]]:
    """(launch, when it was last news): announced or unveiled, newest first."""
    now = clock.now()
    rows = {row.pk: row for row in announced().order_by("-announced_at", "-pk")[:number]}
    open_now = Q(state__in=("live", "closed")) | Q(unveil_at__lte=now)
    rows |= {row.pk: row for row in announced().filter(open_now).order_by("-unveil_at")[:number]}
    told = [(card, _news(rows[card.pk])) for card in shown(rows.values())]
    return sorted(told, key=lambda pair: (pair[1], pair[0].pk), reverse=True)[:number]


def _news(row: Launch) -> dt.datetime:
    at = row.unveil_at if policies.is_unveiled(row) else row.announced_at
    return at or row.created_at


def unveiled_slugs() -> list[str]:
    """Addresses of launches that anybody may find."""
    now = clock.now()
    rows = announced().filter(Q(state__in=("live", "closed")) | Q(unveil_at__lte=now))
    return list(rows.order_by("pk").values_list("slug", flat=True))
