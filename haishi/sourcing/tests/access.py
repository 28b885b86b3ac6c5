"""Who opens the board, requests, both desks; sealed and invited ones do not exist for strangers."""

from typing import Any

from haishi.foundation.tests.access import Row, World
from haishi.parties.tests.factories import MembershipFactory
from haishi.sourcing import services
from haishi.sourcing.tests import factories
from haishi.sourcing.types import Stage


def rfq(world: World, **words: Any) -> Any:
    """An open request of the firm."""
    return factories.rfq(world.lin, world.firm, **words)


def public(world: World) -> dict[str, Any]:
    """Everybody may see it."""
    return {"slug": rfq(world).slug}


def invited(world: World) -> dict[str, Any]:
    """Nobody outside was asked."""
    return {"slug": rfq(world, visibility="invited").slug}


def draft(world: World) -> dict[str, Any]:
    """Not published."""
    return {"slug": factories.draft(world.lin, world.firm).slug}


def asked(world: World) -> dict[str, Any]:
    """The stranger owns a firm now, and may quote."""
    firm = factories.bidder().firm
    MembershipFactory(person=world.stranger, organisation=firm, role="owner")
    return public(world)


def asked_about(world: World) -> dict[str, Any]:
    """A question waits for the firm."""
    row, one = rfq(world), factories.bidder()
    question = services.ask(one, row.pk, one.firm.pk, "绢面还是纸面？")
    return {"slug": row.slug, "question_id": question.pk}


def quoted(world: World, **words: Any) -> tuple[Any, Any]:
    """Two firms quoted, the first of them the stranger's."""
    row = rfq(world, **words)
    mine, other = factories.bidder(), factories.bidder()
    MembershipFactory(person=world.stranger, organisation=mine.firm, role="owner")
    version = factories.quote(mine, row, 4_000, 900)
    factories.quote(mine, row, 3_900, 900)
    factories.quote(other, row, 4_100, 900)
    return row, version.quotation


def judged(world: World) -> dict[str, Any]:
    """Closed, with two quotations."""
    return {"slug": factories.closed(quoted(world)[0]).slug}


def still_sealed(world: World) -> dict[str, Any]:
    """Open and sealed, with two quotations."""
    return {"slug": quoted(world, sealed=True)[0].slug}


def own_bid(world: World) -> dict[str, Any]:
    """A quotation of the stranger's firm."""
    return {"quotation_id": quoted(world)[1].pk}


def sealed_bid(world: World) -> dict[str, Any]:
    """The same while it is sealed."""
    return {"quotation_id": quoted(world, sealed=True)[1].pk}


def won(world: World) -> dict[str, Any]:
    """The stranger's firm won everything."""
    row, bid = quoted(world)
    factories.closed(row)
    lines = {line.pk: bid.pk for line in row.lines.all()}
    services.award(world.lin, row.pk, lines, [Stage("交付", 10_000, 30)])
    return {"quotation_id": bid.pk}


def api_draft(world: World) -> dict[str, Any]:
    """The least draft."""
    return {"buyer": world.firm.slug, "title": "风筝", "lines": [{"name": "沙燕", "quantity": 5}]}


def api_offer(world: World) -> dict[str, Any]:
    """An offer for a line that is not there."""
    firm = world.stranger.memberships.get().organisation
    line = {"line": 0, "tiers": [{"minimum": 1, "price_minor": 1}]}
    words = {"currency": "CNY", "lead_days": 3, "valid_until": "2099-01-01", "lines": [line]}
    return {"firm": firm.slug, **words}


ROWS = [
    #                          nobody 外人 周 林 陈 operator
    Row("sourcing:board", "200"),
    Row("sourcing:feed", "200"),
    Row("sourcing:mine", "302 200 200 200 200 200"),
    Row("sourcing:new", "302 200 200 200 200 200"),
    Row("sourcing:rfq", "200", public),
    Row("sourcing:rfq", "404 404 200 200 404 200", invited),
    Row("sourcing:rfq", "404 404 200 200 404 200", draft),
    Row("sourcing:ask", "302 422 422 422 422 422", public, "post"),
    Row("sourcing:ask", "302 404 422 422 404 422", invited, "post"),
    Row("sourcing:quote", "302 200 403 403 403 403", asked),
    Row("sourcing:quote", "302 404 404 404 404 404", draft),
    Row("sourcing:quote", "302 422 403 403 403 403", asked, "post"),
    Row("sourcing:desk", "302 404 403 200 404 200", public),
    Row("sourcing:edit", "302 404 403 200 404 200", draft),
    Row("sourcing:amend", "302 404 403 200 404 200", public),
    Row("sourcing:publish", "302 404 403 302 404 302", draft, "post"),
    Row("sourcing:cancel", "302 404 403 422 404 422", public, "post"),
    Row("sourcing:invite", "302 404 403 200 404 200", public),
    Row("sourcing:answer", "302 404 403 422 404 422", asked_about, "post"),
    Row("sourcing:compare", "302 404 403 200 404 200", judged),
    Row("sourcing:compare", "302 404 403 409 404 409", still_sealed),
    Row("sourcing:sheet", "302 404 403 200 404 200", judged),
    Row("sourcing:sheet", "302 404 403 409 404 409", still_sealed),
    Row("sourcing:rate", "302 404 403 422 404 422", judged, "post"),
    Row("sourcing:award", "302 404 403 200 404 200", judged),
    Row("sourcing:award", "302 404 403 409 404 409", still_sealed),
    Row("sourcing:bids", "302 200 200 200 200 200"),
    Row("sourcing:quotation", "302 200 404 200 404 200", own_bid),
    Row("sourcing:quotation", "302 200 404 404 404 404", sealed_bid),
    Row("sourcing:changes", "302 200 404 200 404 200", own_bid),
    Row("sourcing:changes", "302 200 404 404 404 404", sealed_bid),
    Row("sourcing:withdraw", "302 302 404 404 404 302", own_bid, "post"),
    Row("sourcing:split", "302 200 404 404 404 404", won),
    Row("sourcing:split", "302 422 404 404 404 404", won, "post"),
    Row("api:sourcing_rfqs", "401 200 200 200 200 200"),
    Row("api:sourcing_rfqs", "401 404 403 201 404 201", method="post", body=api_draft, json=True),
    Row("api:sourcing_rfq", "401 200 200 200 200 200", public),
    Row("api:sourcing_rfq", "401 404 200 200 404 200", invited),
    Row("api:sourcing_publish", "401 404 403 200 404 200", draft, "post", json=True),
    Row("api:sourcing_quotations", "401 200 200 200 200 200", still_sealed),
    Row("api:sourcing_quotations", "401 422 404 404 404 422", asked, "post", api_offer, json=True),
    Row("api:sourcing_withdraw", "401 200 404 404 404 200", own_bid, "post", json=True),
]
