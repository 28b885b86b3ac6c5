"""Who opens the market, titles, offers, licences and the reviewers' queue."""

from typing import Any

from haishi.foundation.tests.access import Row, World
from haishi.licences import services
from haishi.licences.models import Licence, Offer
from haishi.licences.tests import factories
from haishi.media.tests.factories import kept_asset


def offer(world: World) -> dict[str, Any]:
    """An open offer of the firm."""
    return {"number": factories.offer(world.firm).number}


def secret(world: World) -> dict[str, Any]:
    """A draft."""
    row = factories.offer(world.firm)
    Offer.objects.filter(pk=row.pk).update(state="draft")
    return {"number": row.number}


def offer_step(world: World) -> dict[str, Any]:
    """Taking an offer back."""
    return {**offer(world), "action": "withdraw"}


def shelf(world: World) -> dict[str, Any]:
    """The firm."""
    return {"org": world.firm.slug}


def product(world: World) -> dict[str, Any]:
    """A work without a chain."""
    return {"product_id": factories.work(world.firm).pk}


def title(world: World, state: str = "draft") -> Any:
    """A chain of the firm; reviewers of the organiser may judge it."""
    row = factories.verified(factories.work(world.firm))
    row.state, row.reason = state, "x" if state == "returned" else ""
    row.verified_at = row.verified_at if state == "verified" else None
    row.save()
    return row


def shelf_of_one(world: World) -> dict[str, Any]:
    """One work of the firm, of another kind."""
    row = factories.work(world.firm, kind="goods")
    return {"org": world.firm.slug, "product_id": row.pk}


def draft(world: World) -> dict[str, Any]:
    """A chain that is being written."""
    return {"title_id": title(world).pk}


def link(world: World) -> dict[str, Any]:
    """A step of it."""
    row = title(world)
    return {"title_id": row.pk, "link_id": row.links.get().pk}


def title_step(world: World) -> dict[str, Any]:
    """Handing it in."""
    return {**draft(world), "action": "submit"}


def waiting(world: World) -> dict[str, Any]:
    """A chain that was handed in."""
    return {"title_id": title(world, "submitted").pk}


def deal(world: World) -> Licence:
    """A request of the stranger's studio at the firm."""
    from haishi.parties.tests.factories import MembershipFactory, OrganisationFactory

    studio = OrganisationFactory(name="白兔玩具")
    MembershipFactory(person=world.stranger, organisation=studio, role="owner")
    world.stranger.__dict__.pop("_roles", None)
    asset = kept_asset(world.firm, "document", {"a.pdf": b"pdf"}, purpose="sealed", private=True)
    asset.main = "a.pdf"
    asset.save()
    row = factories.offer(world.firm, guarantee_minor=0, file_ids=[asset.pk])
    return factories.asked(row, studio, world.stranger)


def request(world: World) -> dict[str, Any]:
    """A request that waits for the firm."""
    return {"number": deal(world).number}


def in_force(world: World) -> Licence:
    """The same, accepted and in force."""
    row = deal(world)
    services.accept(world.lin, row.number, seen=row.version)
    services.contract_concluded(row.pk)
    row.refresh_from_db()
    return row


def active(world: World) -> dict[str, Any]:
    """A licence in force."""
    return {"number": in_force(world).number}


def step(name: str) -> Any:
    """A button of a request."""
    return lambda world: {**request(world), "action": name}


def seat(world: World) -> dict[str, Any]:
    """A seat of the stranger."""
    row = in_force(world)
    found = services.name_seat(world.stranger, row.number, world.stranger.email)
    return {"number": row.number, "seat_id": found.pk}


def file(world: World) -> dict[str, Any]:
    """A licensed file; nobody has its key."""
    row = in_force(world)
    services.open_files(world.stranger, row.number)
    return {"number": row.number, "token": "none"}


def good(world: World) -> dict[str, Any]:
    """A product of the licensee."""
    row = in_force(world)
    return {
        "number": row.number,
        "good_id": services.add_good(world.stranger, row.number, "摆件").pk,
    }


def approval(world: World) -> dict[str, Any]:
    """A stage that waits for the firm."""
    made = good(world)
    row = services.hand_in(world.stranger, made["number"], made["good_id"], stage="concept")
    return {"number": made["number"], "approval_id": row.pk}


def reported(world: World) -> dict[str, Any]:
    """A statement of a period without sales."""
    row = factories.began(in_force(world), 4)
    services.report(world.stranger, row.number, row.starts_on, [])
    return {"number": row.number, "n": 1}


def nothing_due(world: World) -> dict[str, Any]:
    """Nothing is overdue: the button of an old page."""
    return reported(world)


ROWS = [
    #                              nobody 外人 周 林 陈 operator
    Row("licences:market", "200"),
    Row("licences:offer", "200", offer),
    Row("licences:offer", "404 404 200 200 404 200", secret),
    Row("licences:offer_data", "200", offer),
    Row("licences:offer_data", "404 404 200 200 404 200", secret),
    Row("licences:mine", "302 200 200 200 200 200"),
    Row("licences:desk", "302 404 200 200 404 200", shelf),
    Row("licences:work", "302 404 200 200 404 200", shelf_of_one),
    Row("licences:begin", "302 403 403 302 403 302", product, "post"),
    Row("licences:title", "302 404 200 200 404 200", draft),
    Row("licences:title", "302 404 403 422 404 422", draft, "post"),
    Row("licences:new_offer", "302 404 403 200 404 200", draft),
    Row("licences:drop_link", "302 404 403 302 404 302", link, "post"),
    Row("licences:title_step", "302 404 403 302 404 302", title_step, "post"),
    Row("licences:queue", "302 403 403 403 200 200"),
    Row("licences:judge", "302 404 404 404 404 200", waiting),
    Row("licences:verify", "302 404 404 404 404 302", waiting, "post"),
    Row("licences:edit_offer", "302 403 403 200 403 200", offer),
    Row("licences:edit_offer", "302 404 403 200 404 200", secret),
    Row("licences:offer_step", "302 403 403 302 403 302", offer_step, "post"),
    Row("licences:ask", "302 200 200 200 200 200", offer),
    Row("licences:ask", "302 404 200 200 404 200", secret),
    Row("licences:licence", "302 200 200 200 404 200", request),
    Row("licences:licence_data", "302 200 200 200 404 200", request),
    Row("licences:agreement", "302 200 200 200 404 200", active),
    Row("licences:agreement", "302 404 404 404 404 404", request),
    Row("licences:counter", "302 403 403 200 404 200", request),
    Row("licences:step", "302 302 403 403 404 302", step("withdraw"), "post"),
    Row("licences:step", "302 302 302 302 404 302", step("decline"), "post"),
    Row("licences:name_seat", "302 302 302 302 404 302", active, "post"),
    Row("licences:free_seat", "302 302 403 403 404 302", seat, "post"),
    Row("licences:file", "302 404 404 404 404 404", file),
    Row("licences:add_good", "302 302 302 302 404 302", active, "post"),
    Row("licences:hand_in", "302 200 403 403 404 200", good),
    Row("licences:approval", "302 200 200 200 404 200", approval),
    Row("licences:approval", "302 403 403 422 404 422", approval, "post"),
    Row("licences:report", "302 404 403 403 404 404", active),
    Row("licences:template", "302 200 200 200 404 200", active),
    Row("licences:statement", "302 200 200 200 404 200", reported),
    Row("licences:sheet", "302 200 200 200 404 200", reported),
    Row("licences:paper", "302 200 200 200 404 200", reported),
    Row("licences:bill", "302 302 403 403 404 302", nothing_due, "post"),
    Row("api:licence_offers", "401 200 200 200 200 200"),
    Row("api:licence_offer", "401 200 200 200 200 200", offer),
    Row("api:licence_offer", "401 404 200 200 404 200", secret),
    Row("api:licences", "401 200 200 200 200 200"),
    Row("api:licence", "401 200 200 200 404 200", request),
    Row("api:licence_statements", "401 200 200 200 404 200", active),
]
