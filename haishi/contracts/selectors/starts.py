"""What a new contract begins with: from nothing, or from an enquiry that was answered."""

from typing import Any

from django.db.models import Q

from haishi.contracts.errors import EnquiryUnanswered
from haishi.contracts.models import Party
from haishi.contracts.selectors.core import visible_to
from haishi.contracts.types import Start
from haishi.expo import selectors as expo
from haishi.foundation.types import Actor
from haishi.parties import selectors as parties

__all__ = [
    "binding_firms",
    "find_organisation",
    "get_talk",
    "known_firms",
    "organisation_named",
    "start_from",
]
NEAR = 5


def binding_firms(actor: Actor) -> list[Any]:
    """Organisations that one may bind, by name."""
    rows = parties.organisations().filter(pk__in=parties.managed_by(actor))
    return list(rows.order_by("name", "pk"))


def organisation_named(organisation_id: int) -> Any:
    """One by its id. Raises NotFound."""
    return parties.organisation_by_id(organisation_id)


def find_organisation(text: str) -> tuple[Any, list[Any]]:
    """(the one of that name, address or credit code; those that come near when there is none).

    Two of the same name are near each other: their address tells them apart.
    """
    rows = parties.organisations()
    exact = Q(name__iexact=text) | Q(name_en__iexact=text) | Q(slug=text) | Q(credit_code=text)
    found = list(rows.filter(exact).order_by("name", "pk")[: NEAR + 1])
    if len(found) == 1:
        return found[0], []
    near = Q(name__icontains=text) | Q(name_en__icontains=text)
    return None, found[:NEAR] or list(rows.filter(near).order_by("name", "pk")[:NEAR])


def known_firms(actor: Actor) -> list[Any]:
    """Organisations beside one's own in contracts one sees, to choose from while typing."""
    mine = parties.managed_by(actor)
    seen = visible_to(actor).filter(parties__organisation__in=mine)
    others = Party.objects.filter(contract__in=seen).values("organisation")
    return list(
        parties.organisations().filter(pk__in=others).exclude(pk__in=mine).order_by("name")[:60]
    )


def get_talk(actor: Actor, enquiry_id: int) -> Any:
    """An enquiry of one's own or to one's firm. Raises NotFound, EnquiryUnanswered."""
    row = expo.get_enquiry(actor, enquiry_id)
    if row.answered_at is None:
        raise EnquiryUnanswered
    return row


def start_from(actor: Actor, enquiry: str) -> Start:
    """What the form begins with. Raises NotFound, EnquiryUnanswered."""
    firms = binding_firms(actor)
    values: dict[str, Any] = {
        "language": "both",
        "currency": "CNY",
        "payer": 0,
        "firm_id": firms[0].pk if firms else None,
        **_usual_clauses(),
    }
    if not (enquiry.isdecimal() and len(enquiry) < 19):
        return Start(values)
    row = get_talk(actor, int(enquiry))
    firm = row.exhibitor.organisation
    values["title"] = row.subject[:80]
    if firm.pk in {each.pk for each in firms} and row.person_id != actor.pk:
        # The firm that was asked draws it up: it delivers, and knows who pays.
        values |= {"firm_id": firm.pk, "party_0_role": "supplier", "party_1_role": "buyer"}
        values |= {"payer": 1, "part_0_supplier": 0, "part_1_supplier": 0}
    else:
        values["party_1_name"] = firm.name
    values["part_0_name"] = (row.about_title or row.subject)[:80]
    return Start(values, row.pk, row.subject)


def _usual_clauses() -> dict[str, str]:
    """Articles that hardly any contract is without, to be changed at will."""
    rows = (
        ("标的", "Subject", "", ""),
        (
            "交付与验收",
            "Delivery and acceptance",
            "交付方按付款节点交付；付款方在交付后七日内验收或书面说明修改意见，逾期未答复视为验收合格。",
            "The supplier delivers by the milestones. The payer accepts or asks for changes in "
            "writing within seven days; silence counts as acceptance.",
        ),
        (
            "保密",
            "Confidentiality",
            "各方对因本合同知悉的未公开信息保密，自合同生效起三年。",
            "The parties keep what they learn under this contract and is not public confidential "
            "for three years from its conclusion.",
        ),
    )
    names = ("title", "title_en", "text", "text_en")
    return {
        f"clause_{n}_{name}": cell
        for n, row in enumerate(rows)
        for name, cell in zip(names, row, strict=True)
    }
