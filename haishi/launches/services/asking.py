"""Asking for a unit: the moment when everybody comes at once.

Each way of asking is one statement, its own transaction: it looks whether the sale is open for
this person, writes the claim and its hold, states the fact and counts the unit. The pool is locked
for the commit alone, and a refusal locks nothing at all. What the statement did not do is explained
afterwards, from the rows. A person asks once (UNIQUE), so there is nothing to limit here.
"""

from typing import Any

from django.db import IntegrityError

from haishi.foundation import clock, draws
from haishi.foundation.errors import NotFound
from haishi.foundation.outbox import publishing
from haishi.foundation.scarcity import KEEP_ONE, SoldOut
from haishi.foundation.statements import one_row
from haishi.foundation.types import Actor
from haishi.launches import policies
from haishi.launches.errors import OwnLaunch, SaleNotOpen
from haishi.launches.events import ClaimWon
from haishi.launches.models import Allotment, Claim
from haishi.launches.policies import GRACE
from haishi.launches.states import ClaimState, Rule
from haishi.parties import selectors as parties

# The same conditions as `policies.is_selling` and `_open_for`, which names the one that failed.
_ASKED = """
WITH asked AS (
  SELECT sale.id, sale.pool_id, own.id AS own, pool.taken >= pool.capacity AS sold_out,
         %(now)s::timestamptz + sale.pay_minutes * interval '1 minute' AS pay_by,
         sale.rule = ANY(%(rules)s) AND sale.opens_at <= %(now)s AND %(now)s < sale.closes_at
         AND (launch.state = 'live' OR launch.state = 'announced' AND launch.unveil_at <= %(now)s)
         AND NOT EXISTS (
           SELECT FROM parties_membership AS member
            WHERE member.organisation_id = firm.organisation_id AND member.person_id = %(person)s
         ) AS open
    FROM launches_allotment AS sale
    JOIN foundation_pool AS pool ON pool.id = sale.pool_id
    JOIN launches_launch AS launch ON launch.id = sale.launch_id
    JOIN expo_exhibitor AS firm ON firm.id = launch.exhibitor_id
    LEFT JOIN launches_claim AS own ON own.allotment_id = sale.id AND own.person_id = %(person)s
   WHERE sale.id = %(sale)s)
"""
_INSERT = "INSERT INTO launches_claim (allotment_id, person_id, ticket, state, hold_id, pay_by)"
_NEW = "RETURNING id, ticket, state, hold_id, pay_by, created_at"
_CLAIM = f"""{_ASKED}, wanted AS (
  SELECT pool_id, 'person:' || %(person)s AS holder, 'claim:' || %(person)s AS key,
         pay_by + %(grace)s AS until
    FROM asked WHERE open AND own IS NULL AND NOT sold_out
), {KEEP_ONE}, made AS (
  {_INSERT} SELECT asked.id, %(person)s, %(ticket)s, 'won', kept.id, pay_by FROM asked, kept {_NEW}
), told AS ({publishing("jsonb_build_object('claim_id', made.id)", "made")})
SELECT asked.open, asked.sold_out, asked.own, made.* FROM asked LEFT JOIN made ON true
"""  # noqa: S608 - put together from constants
_REQUEST = f"""{_ASKED}, made AS (
  {_INSERT} SELECT id, %(person)s, %(ticket)s, %(state)s, NULL, NULL
    FROM asked WHERE open AND own IS NULL ON CONFLICT DO NOTHING {_NEW}
)
SELECT asked.open, false, asked.own, made.* FROM asked LEFT JOIN made ON true
"""  # noqa: S608 - put together from constants


def claim(actor: Actor, allotment_id: int) -> Claim:
    """First come: keep a unit for this person until it is paid.

    A repetition answers with the first claim. Raises NotFound, SaleNotOpen, OwnLaunch, SoldOut.
    """
    values = {"fact": ClaimWon.label(), "grace": GRACE}
    made = _ask(_CLAIM, actor, allotment_id, (Rule.FIRST_COME,), values)
    if made is None:
        raise SoldOut
    return made


def request(actor: Actor, allotment_id: int) -> Claim:
    """Window and draw: put one's name down; every order of arrival is worth the same.

    A repetition answers with the first. Raises NotFound, SaleNotOpen, OwnLaunch.
    """
    values = {"state": ClaimState.REQUESTED.value}
    made = _ask(_REQUEST, actor, allotment_id, (Rule.WINDOW, Rule.DRAW), values)
    if made is None:
        raise SaleNotOpen
    return made


def wait(actor: Actor, allotment_id: int) -> Claim:
    """First come, sold out: stand in the waiting list. A repetition answers with the first.

    Raises NotFound, SaleNotOpen, OwnLaunch.
    """
    values = {"state": ClaimState.WAITING.value}
    made = _ask(_REQUEST, actor, allotment_id, (Rule.FIRST_COME,), values)
    if made is None:
        raise SaleNotOpen
    return made


def _ask(
    statement: str,
    actor: Actor,
    allotment_id: int,
    rules: tuple[Rule, ...],
    values: dict[str, Any],
) -> Claim | None:
    """The claim that was made or had been made before; None when nothing is left."""
    whole = {
        "sale": allotment_id,
        "person": actor.pk,
        "rules": [rule.value for rule in rules],
        "now": clock.now(),
        "ticket": draws.new_ticket(),
        **values,
    }
    try:
        row = one_row(statement, whole)
    except IntegrityError:
        row = None  # the last unit went a moment ago, or to the same person in another window
    is_open, sold_out, own, pk, *rest = row or (False, False, None, None)
    if pk is not None:
        return _made(actor, allotment_id, pk, rest)
    if is_open and sold_out and own is None:
        return None
    return _explain(actor, allotment_id, rules)


def _made(actor: Actor, allotment_id: int, pk: int, rest: list[Any]) -> Claim:
    ticket, state, hold_id, pay_by, created_at = rest
    row = Claim(
        pk=pk,
        allotment_id=allotment_id,
        person_id=actor.pk,
        ticket=ticket,
        state=state,
        hold_id=hold_id,
        pay_by=pay_by,
        created_at=created_at,
    )
    row._state.adding, row._state.db = False, "default"
    return row


def _explain(actor: Actor, allotment_id: int, rules: tuple[Rule, ...]) -> Claim | None:
    """The person's earlier claim, or the reason why there is none; None: nothing is left.

    A sale that opened between the two looks is told as nothing left; the next try gets its unit.
    """
    rows = Allotment.objects.select_related("launch__exhibitor")
    allotment = rows.filter(pk=allotment_id).first()
    if allotment is None or not policies.is_announced(allotment.launch):
        raise NotFound
    if not policies.is_selling(allotment.launch, allotment) or allotment.rule not in rules:
        raise SaleNotOpen
    if parties.is_member(actor, allotment.launch.exhibitor.organisation_id):
        raise OwnLaunch
    return Claim.objects.filter(allotment=allotment, person_id=actor.pk).first()
