"""Sitemap and Atom feed: only what everybody may see."""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from haishi.catalogue import selectors as catalogue
from haishi.expo import selectors as expo
from haishi.foundation import clock
from haishi.foundation.errors import NotFound
from haishi.launches import selectors as launches
from haishi.licences import selectors as licences
from haishi.live import selectors as lives
from haishi.sourcing import selectors as sourcing

PER_PART = 10_000
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap_index() -> str:
    """The list of parts: part 0 holds editions, halls and booths, the others products."""
    parts = 1 + -(-catalogue.listed(catalogue.Filters()).count() // PER_PART)
    base = f"{settings.PUBLIC_URL}{reverse('portal:sitemap')}?part="
    rows = "".join(f"<sitemap><loc>{base}{part}</loc></sitemap>" for part in range(parts))
    return f"{HEAD}<sitemapindex xmlns={quoteattr(SITEMAPS)}>{rows}</sitemapindex>"


def sitemap(part: int) -> str:
    """One part. Raises NotFound beyond the last."""
    paths = list(_structure() if part == 0 else _products(part - 1))
    if not paths:
        raise NotFound
    rows = "".join(f"<url><loc>{escape(settings.PUBLIC_URL + path)}</loc></url>" for path in paths)
    return f"{HEAD}<urlset xmlns={quoteattr(SITEMAPS)}>{rows}</urlset>"


def _structure() -> Iterable[str]:
    yield "/"
    for name in (
        "portal:about",
        "portal:tour",
        "portal:take_part",
        "catalogue:products",
        "launches:hall",
        "live:lobby",
        "licences:market",
        "sourcing:board",
    ):
        yield reverse(name)
    for edition in expo.editions_visible_to(AnonymousUser()):
        yield edition.get_absolute_url()
        yield reverse("expo:programme", args=[edition.slug])
        for hall, _ in expo.hall_numbers(edition):
            yield reverse("portal:hall", args=[edition.slug, hall.slug])
        for exhibitor_id in expo.shown_ids(edition):
            yield reverse("portal:booth", args=[edition.slug, exhibitor_id])
    for slug in launches.unveiled_slugs():
        yield reverse("launches:launch", args=[slug])
    yield from lives.sitemap_paths()
    for row in licences.open_offers().order_by("-pk")[:PER_PART]:
        yield row.get_absolute_url()
    for slug in sourcing.public_slugs():
        yield reverse("sourcing:rfq", args=[slug])


def _products(number: int) -> Iterable[str]:
    start = number * PER_PART
    slugs = catalogue.listed(catalogue.Filters()).values_list("slug", flat=True)
    for slug in slugs[start : start + PER_PART]:
        yield reverse("catalogue:product", args=[slug])


def atom() -> str:
    """The newest products and announcements, in Atom (RFC 4287)."""
    home = settings.PUBLIC_URL + "/"
    entries = [
        _entry(settings.PUBLIC_URL + row.url, str(row.title), str(row.line), row.listed_at)
        for row in catalogue.newest(20)
    ]
    if edition := expo.current_edition():
        entries += [
            _entry(f"{home}#announcement-{row.pk}", row.title, row.body, row.published_at)
            for row in expo.announcements(edition)[:10]
        ]
    return (
        f'{HEAD}<feed xmlns="http://www.w3.org/2005/Atom"><title>海市</title><id>{home}</id>'
        f"<link href={quoteattr(home)}/><updated>{clock.now().isoformat()}</updated>"
        + "".join(entries)
        + "</feed>"
    )


def _entry(url: str, title: str, text: str, moment: object) -> str:
    when = moment.isoformat() if hasattr(moment, "isoformat") else clock.now().isoformat()
    return (
        f"<entry><id>{escape(url)}</id><title>{escape(title)}</title>"
        f"<link href={quoteattr(url)}/><updated>{when}</updated>"
        f"<summary>{escape(text)}</summary></entry>"
    )
