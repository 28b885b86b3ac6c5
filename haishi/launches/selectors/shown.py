"""Launches as visitors see them. Nothing secret is copied into what a page gets."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _

from haishi.catalogue.states import ProductState
from haishi.foundation import clock
from haishi.foundation.bilingual import Bilingual, pick
from haishi.foundation.errors import NotFound
from haishi.foundation.money import Money
from haishi.foundation.types import Actor
from haishi.launches import policies
from haishi.launches.models import Allotment, Claim, Launch, Reservation
from haishi.launches.selectors.claims import SaleNumbers, my_claim, sale_numbers
from haishi.launches.selectors.core import get_launch, launches_visible_to
from haishi.launches.states import ClaimState, LaunchState, Rule
from haishi.launches.types import Day, HallPage, LaunchPage, Sale, Shown
from haishi.launches.wording import claim_text, length_text, rule_text
from haishi.media import selectors as media
from haishi.parties import selectors as parties

PER_DAY, LIVE, RANKED = 60, 6, 10
_ENDED = (LaunchState.CLOSED,)


def announced() -> QuerySet[Launch]:
    """What everybody may know of."""
    return launches_visible_to(AnonymousUser()).exclude(exhibitor__state="suspended")


def shown(rows: Iterable[Launch], *, preview: bool = False) -> list[Shown]:
    """`rows` as visitors see them now; one query for all pictures."""
    launches = list(rows)
    faces = {row.pk: _face(row, preview) for row in launches}
    found = _pictures([pk for pk in faces.values() if pk])
    return [_shown(row, found.get(faces[row.pk] or 0), preview) for row in launches]


def _face(row: Launch, preview: bool) -> int | None:
    open_now = preview or policies.is_unveiled(row)
    return (row.cover_asset_id if open_now else None) or row.teaser_asset_id


def _pictures(ids: Sequence[int]) -> dict[int, Any]:
    """Pictures that the caller has found to be open; the instant counts, not the seal."""
    return media.private_pictures_of(media.assets(ids).values()) if ids else {}


def _shown(row: Launch, picture: Any, preview: bool) -> Shown:
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
        picture=picture,
        reservations=row.reservations,
    )


def hall_page(day: str) -> HallPage:
    """The launch hall on a day (`2026-12-03`; today or the next that has one by default)."""
    now, rows = clock.now(), announced()
    zone = ZoneInfo(settings.TIME_ZONE)
    counts = rows.order_by().annotate(day=TruncDate("unveil_at", tzinfo=zone))
    days = list(counts.values_list("day").annotate(n=Count("pk")).order_by("day"))
    chosen = _chosen([date for date, _n in days], day, now.astimezone(zone).date())
    first = dt.datetime.combine(chosen, dt.time(), zone)
    on_day = Q(unveil_at__gte=first, unveil_at__lt=first + dt.timedelta(days=1))
    live = Q(state=LaunchState.LIVE) | Q(state=LaunchState.ANNOUNCED, unveil_at__lte=now)
    soon = rows.filter(state=LaunchState.ANNOUNCED, unveil_at__gt=now)
    parts = [
        list(rows.filter(live).order_by("-unveil_at", "pk")[:LIVE]),
        list(soon.order_by("unveil_at", "pk")[:1]),
        list(rows.filter(on_day).order_by("unveil_at", "pk")[:PER_DAY]),
        list(soon.filter(reservations__gt=0).order_by("-reservations", "unveil_at")[:RANKED]),
    ]
    cards = {card.pk: card for card in shown({row.pk: row for p in parts for row in p}.values())}
    found = [[cards[row.pk] for row in part] for part in parts]
    return HallPage(
        live=found[0],
        following=next(iter(found[1]), None),
        days=[Day(date, n, date == chosen) for date, n in days],
        rows=found[2],
        ranking=found[3],
        total=sum(n for _date, n in days),
    )


def _chosen(days: list[dt.date], wish: str, today: dt.date) -> dt.date:
    for date in days:
        if date.isoformat() == wish:
            return date
    return next((date for date in days if date >= today), days[-1] if days else today)


def launch_page(actor: Actor, slug: str) -> LaunchPage:
    """A launch for this reader. Raises NotFound."""
    row = get_launch(actor, slug)
    preview = not policies.is_announced(row)
    open_now = preview or policies.is_unveiled(row)
    face = shown([row], preview=preview)[0]
    more = _pictures(row.picture_ids) if open_now else {}
    own = parties.is_member(actor, row.exhibitor.organisation_id)
    sale = _sale(actor, row, open_now=open_now, own=own)
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
        zone=row.exhibitor.edition.time_zone,
        trail=[{"label": _("新品发布厅"), "url": hall}, {"label": str(face.title), "url": ""}],
    )


def _reserved(actor: Actor, row: Launch) -> bool:
    if not actor.is_authenticated:
        return False
    return Reservation.objects.filter(launch=row, person_id=actor.pk).exists()


def _sale(actor: Actor, row: Launch, *, open_now: bool, own: bool) -> Sale | None:
    allotment: Allotment | None = getattr(row, "allotment", None)
    if allotment is None:
        return None
    claim = my_claim(actor, row)
    numbers = sale_numbers(allotment)
    selling = policies.is_selling(row, allotment)
    amount = Money(allotment.price_minor, allotment.currency)
    drawn = allotment.rule != Rule.FIRST_COME
    return Sale(
        rule=rule_text(allotment),
        label=allotment.get_rule_display(),
        quota=allotment.quota,
        price=str(amount) if open_now else "",
        opens_at=allotment.opens_at,
        closes_at=allotment.closes_at,
        pay_length=length_text(allotment.pay_minutes),
        open_now=selling,
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


def claims_of(actor: Actor) -> list[tuple[Claim, Shown, str, str]]:
    """One's own claims with their launches, what they mean and where to pay, newest first."""
    rows = Claim.objects.filter(person_id=actor.pk).select_related(
        "order", "allotment__launch__exhibitor__organisation"
    )
    found = list(rows.order_by("-created_at", "-pk")[:60])
    cards = {card.pk: card for card in shown(row.allotment.launch for row in found)}
    return [
        (row, card, claim_text(row), pay_url(row, card.slug))
        for row in found
        for card in [cards[row.allotment.launch_id]]
    ]


def reserved_by(actor: Actor) -> list[Shown]:
    """Announced launches that the person wants to be reminded of, soonest first."""
    wanted = Reservation.objects.filter(person_id=actor.pk).values("launch_id")
    rows = announced().filter(pk__in=wanted, state=LaunchState.ANNOUNCED)
    return shown(rows.order_by("unveil_at", "pk")[:60])


def unveiled_slugs() -> list[str]:
    """Addresses of launches that anybody may find."""
    now = clock.now()
    rows = announced().filter(Q(state__in=("live", "closed")) | Q(unveil_at__lte=now))
    return list(rows.order_by("pk").values_list("slug", flat=True))
