"""Who opens contracts, their papers and their milestones."""

from typing import Any

from haishi.contracts import services
from haishi.contracts.tests.factories import (
    agreed,
    delivered,
    draft,
    firm_with_owner,
    funded,
    opened,
    settled,
    signed,
)
from haishi.foundation.tests.access import Row, World


def reviewed(world: World) -> dict[str, Any]:
    """In review; 林's firm pays."""
    other, _person = firm_with_owner()
    return {"number": services.draw_up(world.lin, draft(world.firm, other)).number}


def signing(world: World) -> dict[str, Any]:
    """Ready to be signed."""
    return {"number": opened(world.firm, firm_with_owner()[0]).number}


def part_of(contract: Any) -> dict[str, Any]:
    return {"number": contract.number, "position": 1}


def planned(world: World) -> dict[str, Any]:
    """Signed by all; the first milestone waits to be funded by 林's firm."""
    return part_of(signed(opened(world.firm, firm_with_owner()[0])))


def to_deliver(world: World) -> dict[str, Any]:
    """林's firm delivers, the money is held."""
    contract = signed(opened(firm_with_owner()[0], world.firm))
    funded(contract)
    return part_of(contract)


def to_answer(world: World) -> dict[str, Any]:
    """Handed over to 林's firm."""
    contract = signed(opened(world.firm, firm_with_owner()[0]))
    delivered(contract)
    return part_of(contract)


def done(world: World) -> dict[str, Any]:
    """Accepted on paper."""
    contract = signed(opened(world.firm, firm_with_owner()[0]))
    settled(contract)
    return part_of(contract)


def step(name: str) -> Any:
    return lambda world: {**reviewed(world), "action": name}


def all_agreed(world: World) -> dict[str, Any]:
    other, _person = firm_with_owner()
    contract = agreed(services.draw_up(world.lin, draft(world.firm, other)))
    return {"number": contract.number, "action": "open"}


def as_firm(world: World) -> dict[str, Any]:
    return {"organisation": world.firm.pk, "version": 1}


def number_of(world: World) -> dict[str, Any]:
    return reviewed(world)


ROWS = [
    #                     nobody 外人 周 林 陈 operator
    Row("contracts:mine", "302 200 200 200 200 200"),
    Row("contracts:new", "302 200 200 200 200 200"),
    Row("contracts:contract", "302 404 200 200 404 200", reviewed),
    Row("contracts:text", "302 404 200 200 404 200", reviewed),
    Row("contracts:story", "302 404 200 200 404 200", reviewed),
    Row("contracts:propose", "302 404 403 200 404 403", reviewed),
    Row("contracts:sign", "302 404 403 200 404 403", signing),
    Row("contracts:paper", "302 404 200 200 404 200", signing),
    Row("contracts:milestone", "302 404 200 200 404 200", planned),
    Row("contracts:fund", "302 404 403 302 404 403", planned, "post"),
    Row("contracts:deliver", "302 404 422 422 404 403", to_deliver, "post"),
    Row("contracts:return", "302 404 403 422 404 403", to_answer, "post"),
    Row("contracts:accept", "302 404 403 200 404 403", to_answer),
    Row("contracts:acceptance", "302 404 200 200 404 200", done),
    Row("contracts:step", "302 404 403 302 404 403", step("agree"), "post", as_firm),
    Row("contracts:step", "302 404 403 422 404 403", step("comment"), "post"),
    Row("contracts:step", "302 404 403 422 404 403", step("decline"), "post"),
    Row("contracts:step", "302 404 403 302 404 403", all_agreed, "post", as_firm),
    Row("api:contracts", "401 200 200 200 200 200"),
    Row("api:contract", "401 404 200 200 404 200", number_of),
]
