"""A launch for search engines: schema.org Event, with an Offer once the price is public."""

from django.conf import settings

from haishi.foundation.structured import json_ld
from haishi.launches.types import Sale, Shown

SCHEMA = "https://schema.org/"


def structured(shown: Shown, sale: Sale | None) -> str:
    """JSON-LD of what the page says; before the unveiling that is the teaser."""
    url = settings.PUBLIC_URL + shown.url
    offer = None
    if sale and sale.amount is not None:
        left = "InStock" if sale.open_now and sale.numbers.left > 0 else "SoldOut"
        offer = {
            "@type": "Offer",
            "url": url,
            "price": f"{sale.amount.amount:f}",
            "priceCurrency": sale.amount.currency,
            "availability": SCHEMA + left,
            "availabilityStarts": sale.opens_at.isoformat(),
            "availabilityEnds": sale.closes_at.isoformat(),
        }
    return json_ld(
        "Event",
        name=str(shown.title),
        description=str(shown.line),
        startDate=shown.unveil_at.isoformat() if shown.unveil_at else "",
        url=url,
        image=settings.PUBLIC_URL + shown.picture.url(1280) if shown.picture else "",
        eventStatus=SCHEMA + "EventScheduled",
        eventAttendanceMode=SCHEMA + "OnlineEventAttendanceMode",
        location={"@type": "VirtualLocation", "url": url},
        organizer={
            "@type": "Organization",
            "name": str(shown.firm),
            "url": settings.PUBLIC_URL + shown.firm_url,
        },
        offers=offer,
    )
