"""From a signed contract to a licence in force: the guarantee, and the money's answers."""

from django.utils.translation import gettext as _

from haishi.catalogue.states import ProductKind
from haishi.foundation import clock
from haishi.foundation.service import service
from haishi.foundation.types import SYSTEM
from haishi.licences import policies, selectors
from haishi.licences.models import Licence
from haishi.licences.services import grants
from haishi.licences.services.moves import move
from haishi.licences.states import LicenceState
from haishi.trade import services as trade
from haishi.trade.types import Agreed, Bill, Share

ORIGIN = "licence"


@service
def conclude(licence: Licence) -> None:
    """The contract of a locked licence binds: bill the guarantee; without one it begins."""
    licence.recoup_minor = licence.guarantee_minor
    until = clock.now() + policies.PAY_WITHIN
    move(SYSTEM, licence, "conclude", "recoup_minor", until=until)
    if licence.guarantee_minor == 0:
        _activate(licence)
        return
    order = trade.bill(
        SYSTEM,
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


def _activate(licence: Licence) -> None:
    licence.activated_at = clock.now()
    licence.report_by = selectors.report_due(licence)
    move(SYSTEM, licence, "activate", "activated_at", "report_by")


@service
def guarantee_paid(licence_id: int) -> None:
    """The guarantee is held: the licence begins. Repeated news changes nothing."""
    row = selectors.lock_by_id(licence_id)
    if row.state == LicenceState.PAYING:
        _activate(row)


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
