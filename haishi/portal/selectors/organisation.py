"""The permanent page of an organisation."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from haishi.catalogue import selectors as catalogue
from haishi.expo import selectors as expo
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.places import place_name
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties
from haishi.parties.states import Side
from haishi.portal.selectors.cards import BoothCard, booth_card, share_image, with_pictures
from haishi.portal.selectors.structured import json_ld


@dataclass(slots=True)
class OrganisationPage:
    """Everything the page shows."""

    title: Bilingual
    summary: Bilingual
    about: Bilingual
    verified: bool
    sides: list[Any]
    facts: list[tuple[str, Any, str]]
    logo: str
    booths: list[BoothCard]
    products: list[Any]
    share_image: str
    structured_data: str


def organisation_page(actor: Actor, slug: str) -> OrganisationPage:
    """A firm with its booths in all editions and its products. Raises NotFound."""
    firm = parties.get_organisation(slug)
    booths = [booth_card(row) for row in expo.booths_of(firm.pk)]
    products = catalogue.of_organisation(firm.pk)
    found = with_pictures(booths, products, also=[firm.logo_asset_id])
    logo = found.get(firm.logo_asset_id or 0)
    places = dict.fromkeys(place_name(each) for each in (firm.region, firm.city) if each)
    facts = [
        (_("城市"), " ".join(places), ""),
        (_("成立"), firm.founded, ""),
        (_("网站"), firm.website.removeprefix("https://").rstrip("/"), firm.website),
    ]
    return OrganisationPage(
        title=firm.title,
        summary=firm.summary,
        about=firm.description,
        verified=firm.verified_at is not None,
        sides=[Side(side).label for side in firm.sides],
        facts=[fact for fact in facts if fact[1]],
        logo=logo.url(320) if logo else "",
        booths=booths,
        products=products,
        share_image=share_image(logo),
        structured_data=json_ld(
            "Organization",
            name=firm.name,
            alternateName=firm.name_en,
            description=firm.about[:300],
            url=settings.PUBLIC_URL + firm.get_absolute_url(),
            sameAs=firm.website,
        ),
    )
