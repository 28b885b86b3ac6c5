"""A contract from nothing, or from an enquiry that was answered."""

from dataclasses import replace

from haishi.contracts import contents, policies, selectors
from haishi.contracts.errors import PartiesWrong
from haishi.contracts.models import Contract
from haishi.contracts.services.drawing import draw_up
from haishi.contracts.types import Draft
from haishi.foundation.errors import Forbidden
from haishi.foundation.limits import limit
from haishi.foundation.money import Money
from haishi.foundation.service import service
from haishi.foundation.types import Actor
from haishi.trade import services as trade
from haishi.trade.types import Share


@service
def compose(actor: Actor, *, by_id: int, draft: Draft, enquiry_id: int | None = None) -> Contract:
    """Draw up a draft for one's own organisation; nobody else sees it until it is sent.

    The shares are checked against the ways to pay before anybody talks about them. Raises NotFound
    and EnquiryUnanswered (of the enquiry), Forbidden, TooMany, RailRefuses, and what `draw_up`
    raises.
    """
    if not policies.acts_for(actor, by_id):
        raise Forbidden
    if by_id not in [party.organisation_id for party in draft.parties]:
        raise PartiesWrong
    limit(f"contract:{actor.pk}", 30, 3600)
    if enquiry_id is not None:
        selectors.get_talk(actor, enquiry_id)
        draft = replace(draft, origin=f"enquiry:{enquiry_id}")
    contents.check(draft)
    for each in draft.milestones:
        trade.check_rail(
            Money(each.amount_minor, draft.total.currency),
            each.shares or (Share(each.supplier_id, contents.WHOLE),),
            each.supplier_id,
            policies.hold_days(each.due),
            provider=draft.rail,
            fee_points=draft.fee_points,
        )
    return draw_up(actor, draft, by_id=by_id, show=False)
