"""Offers and licences as ODRL 2.2 policies in JSON-LD.

Model: https://www.w3.org/TR/odrl-model/, vocabulary: https://www.w3.org/TR/odrl-vocab/. What the
vocabulary has no word for stands in our profile `urn:haishi:odrl:`, included in an ODRL action.
"""

from typing import Any

from django.conf import settings

from haishi.foundation.money import Money
from haishi.licences.models import Licence, Offer
from haishi.licences.states import Exclusivity, Medium, Period, Right
from haishi.licences.territories import WORLD
from haishi.licences.types import Terms

TYPE = "application/ld+json"
CONTEXT: list[Any] = [
    "http://www.w3.org/ns/odrl.jsonld",
    {
        "haishi": "urn:haishi:odrl:",
        "dcterms": "http://purl.org/dc/terms/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    },
]
# Rights by the ODRL action that says the same; those of the profile are part of `use`.
ACTIONS = {
    Right.REPRODUCE: "reproduce",
    Right.DISTRIBUTE: "distribute",
    Right.ADAPT: "derive",
    Right.BROADCAST: "stream",
    Right.EXHIBIT: "display",
}


def offer(row: Offer) -> dict[str, Any]:
    """An Offer: what its licensor would agree to."""
    return _policy("Offer", row, row.organisation, None)


def agreement(row: Licence) -> dict[str, Any]:
    """An Agreement: what both sides agreed to."""
    return _policy("Agreement", row, row.licensor, row.licensee)


def _policy(kind: str, row: Any, licensor: Any, licensee: Any) -> dict[str, Any]:
    terms: Terms = row.terms
    giver = _url(licensor)
    found: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": kind,
        "uid": _url(row),
        "profile": "urn:haishi:odrl:",
        "dcterms:title": row.product.name,
        "target": {"@type": "Asset", "uid": _url(row.product)},
        "assigner": {"@type": "Party", "uid": giver},
        "permission": [_permission(terms, right, giver) for right in terms.rights],
        "obligation": _obligations(terms, giver),
    }
    if licensee is not None:
        found["assignee"] = {"@type": "Party", "uid": _url(licensee)}
    if not terms.sublicensing:
        found["prohibition"] = [{"@type": "Prohibition", "action": "grantUse"}]
    return found


def _url(row: Any) -> str:
    return settings.PUBLIC_URL + str(row.get_absolute_url())


def _permission(terms: Terms, right: str, giver: str) -> dict[str, Any]:
    named = ACTIONS.get(Right(right))
    action: Any = named or {"@id": f"haishi:{right}", "includedIn": "use"}
    duties = [_approval(stage, giver) for stage in terms.stages]
    return {
        "@type": "Permission",
        "action": action,
        "constraint": _constraints(terms),
        "duty": [*_payments(terms), *duties],
    }


def _is(left: str, operator: str, right: Any, **more: str) -> dict[str, Any]:
    return {
        "@type": "Constraint",
        "leftOperand": left,
        "operator": operator,
        "rightOperand": right,
        **more,
    }


def _typed(value: str, kind: str) -> dict[str, str]:
    return {"@value": value, "@type": f"xsd:{kind}"}


def _constraints(terms: Terms) -> list[dict[str, Any]]:
    """Where, for what, in which languages, and when; the world and all media need no line."""
    found = []
    if WORLD not in terms.territories:
        places = [f"urn:iso:std:iso:3166:{code}" for code in terms.territories]
        found.append(_is("spatial", "isAnyOf", places))
    if Medium.ALL not in terms.media:
        found.append(_is("industry", "isAnyOf", [f"haishi:{each}" for each in terms.media]))
    found.append(_is("language", "isAnyOf", [*terms.languages]))
    if terms.starts_on is None or terms.ends_on is None:
        found.append(_is("elapsedTime", "lteq", _typed(f"P{terms.months}M", "duration")))
    else:
        found.append(_is("dateTime", "gteq", _typed(terms.starts_on.isoformat(), "date")))
        found.append(_is("dateTime", "lt", _typed(terms.ends_on.isoformat(), "date")))
    return found


def _payments(terms: Terms) -> list[dict[str, Any]]:
    """The guarantee, and a share of sales by channel."""
    unit = f"urn:iso:std:iso:4217:{terms.currency}"
    found = []
    if terms.guarantee_minor:
        amount = f"{Money(terms.guarantee_minor, terms.currency).amount:f}"
        found.append(_compensate(_is("payAmount", "eq", _typed(amount, "decimal"), unit=unit)))
    for channel, points in terms.rates.items():
        share = _typed(f"{points / 100:.2f}", "decimal")
        found.append(
            _compensate(
                _is("percentage", "eq", share, unit=f"haishi:{terms.base}"),
                _is("deliveryChannel", "eq", f"haishi:{channel}"),
            )
        )
    return found


def _compensate(*refinements: dict[str, Any]) -> dict[str, Any]:
    action = {"rdf:value": {"@id": "odrl:compensate"}, "refinement": [*refinements]}
    return {"@type": "Duty", "action": [action]}


def _approval(stage: str, giver: str) -> dict[str, Any]:
    return {
        "@type": "Duty",
        "action": "obtainConsent",
        "consentingParty": giver,
        "constraint": [_is("event", "lt", f"haishi:{stage}")],
    }


def _obligations(terms: Terms, giver: str) -> list[dict[str, Any]]:
    """Reports, the audit, and the licensor's own: to give it to nobody else."""
    length = "P1M" if terms.period == Period.MONTH else "P3M"
    found: list[dict[str, Any]] = [
        {
            "@type": "Duty",
            "action": "inform",
            "informedParty": giver,
            "constraint": [_is("timeInterval", "eq", _typed(length, "duration"))],
        }
    ]
    if terms.audit:
        found.append({"@type": "Duty", "action": "acceptTracking", "trackingParty": giver})
    if terms.exclusivity != Exclusivity.NON_EXCLUSIVE:
        found.append({"@type": "Duty", "action": "ensureExclusivity", "assignee": giver})
    return found
