"""From agreed terms to a licence in force: the paper, the guarantee, the money's answers."""

import hashlib
import json

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from haishi.catalogue.states import ProductKind
from haishi.foundation import audit, clock
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.money import Money
from haishi.foundation.papers import registry
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM, Actor
from haishi.licences import papers, policies, selectors
from haishi.licences.models import Licence
from haishi.licences.services import grants
from haishi.licences.services.moves import move
from haishi.licences.states import LicenceState
from haishi.trade import services as trade
from haishi.trade.types import Agreed, Bill, Share

ORIGIN = "licence"


def draw_up(actor: Actor, licence: Licence) -> None:
    """Both sides have accepted the same terms: written on paper, their digest in the audit chain.

    Raises FontMissing, RailRefuses (no way to pay can carry how the holders share it).
    """
    if licence.guarantee_minor and licence.shares:
        days = policies.OPEN_WITHIN.days
        total = Money(licence.guarantee_minor, licence.currency)
        trade.check_rail(total, shares(licence), licence.licensor_id, days)
    licence.paper_digest = digest(licence)
    issued = registry.issue(
        actor,
        papers.agreement(licence, selectors.shares_with_names(licence)),
        kind=papers.AGREEMENT,
        parties=[
            Bilingual(firm.name, firm.name_en) for firm in (licence.licensor, licence.licensee)
        ],
    )
    licence.paper_id = issued.pk
    licence.save(update_fields=["paper_digest", "paper_id"])
    audit.record(
        actor, "licence.paper", licence, sha256=licence.paper_digest, terms=licence.terms.row()
    )
    conclude(actor, licence)


def digest(licence: Licence) -> str:
    """sha256 in hex of the canonical JSON of parties, work and terms."""
    content = {
        "number": licence.number,
        "work": licence.product_id,
        "parties": [licence.licensor_id, licence.licensee_id, licence.shares],
        "terms": licence.terms.row(),
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


def conclude(actor: Actor, licence: Licence) -> None:
    """The paper stands: bill the guarantee; without one the licence begins."""
    licence.recoup_minor = licence.guarantee_minor
    until = clock.now() + policies.PAY_WITHIN
    move(actor, licence, "conclude", "recoup_minor", until=until)
    if licence.guarantee_minor == 0:
        _activate(SYSTEM, licence)
        return
    order = trade.bill(
        actor,
        Bill(
            buyer_id=licence.buyer_id,
            buyer_firm_id=licence.licensee_id,
            seller_id=licence.licensor_id,
            kind=ProductKind.LICENCE,
            currency=licence.currency,
            lines=(
                Agreed(
                    name=(_("%(work)s 授权保底金") % {"work": licence.product.name})[:80],
                    name_en=f"Minimum guarantee {licence.number}",
                    price_minor=licence.guarantee_minor,
                ),
            ),
            pay_by=until,
            origin=f"{ORIGIN}:{licence.pk}",
            shares=shares(licence),
        ),
        key=f"licence:{licence.pk}",
    )
    licence.order_id = order.pk
    licence.save(update_fields=["order_id"])


def shares(licence: Licence) -> tuple[Share, ...]:
    """How the rights holders share what the licence brings."""
    return tuple(Share(firm, points) for firm, points in licence.shares)


def _activate(actor: Actor, licence: Licence) -> None:
    licence.activated_at = clock.now()
    licence.report_by = selectors.report_due(licence)
    move(actor, licence, "activate", "activated_at", "report_by")


@service
def guarantee_paid(licence_id: int) -> None:
    """The guarantee is held: the licence begins. Repeated news changes nothing."""
    row = selectors.lock_by_id(licence_id)
    if row.state == LicenceState.PAYING:
        _activate(SYSTEM, row)


@service
def guarantee_gone(licence_id: int, state: str) -> None:
    """The guarantee was not paid, or was paid back as a whole: so is the licence gone."""
    row = selectors.lock_by_id(licence_id)
    row.ended_at = clock.now()
    if row.state == LicenceState.PAYING:
        move(SYSTEM, row, "lapse", "ended_at", order=state)
    elif row.state in (LicenceState.ACTIVE, LicenceState.SUSPENDED):
        row.reason = _("保底金已退还")
        move(SYSTEM, row, "revoke", "ended_at", "reason", order=state)
    else:
        return
    grants.release(row)
