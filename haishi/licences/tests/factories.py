"""A work with a verified chain, an open offer of it, and short ways through a licence."""

import datetime as dt
from typing import Any

from haishi.catalogue.tests.factories import ListedFactory
from haishi.contracts import selectors as contracts
from haishi.contracts.tests import factories as papers
from haishi.foundation import clock, outbox
from haishi.licences import policies, services
from haishi.licences.models import Licence, Offer, Title
from haishi.licences.types import Terms, add_months
from haishi.parties.tests.factories import MembershipFactory, OrganisationFactory, PersonFactory
from haishi.trade import selectors as trade
from haishi.trade.tests import factories as cashier


def work(firm: Any, **fields: Any) -> Any:
    """A listed work of the firm that is offered by licence."""
    values = {"name": "海市蜃楼", "name_en": "Mirage", "kind": "licence", **fields}
    return ListedFactory(organisation=firm, **values)


def verified(product: Any) -> Title:
    """Its chain of title, as a reviewer left it."""
    title = Title.objects.create(
        product=product,
        organisation=product.organisation,
        state="verified",
        verified_at=clock.now(),
        submitted_at=clock.now(),
    )
    title.links.create(
        kind="creation",
        taker=product.organisation.name,
        on=dt.date(2020, 3, 1),
        number="鲁作登字-1",
    )
    return title


def terms(**fields: Any) -> Terms:
    """Merchandise of toys in mainland China for two years, guarantee ¥1,000, 8 % online."""
    values: dict[str, Any] = {
        "rights": ("merchandise",),
        "territories": ("CN",),
        "media": ("toys",),
        "months": 24,
        "guarantee_minor": 100_000,
        "rates": {"online": 800, "wholesale": 500},
        "stages": ("concept", "production"),
        "seats": 2,
        **fields,
    }
    return Terms(**values)


def agreed(**fields: Any) -> Terms:
    """The same from today on."""
    return terms(**{"starts_on": policies.today(), **fields})


def offer(firm: Any, *, product: Any = None, **fields: Any) -> Offer:
    """An open offer."""
    title = verified(product or work(firm))
    file_ids = fields.pop("file_ids", [])
    return Offer.objects.create(
        number=f"P{Offer.objects.count() + 1:05}",
        title=title,
        product=title.product,
        organisation=firm,
        state="open",
        opened_at=clock.now(),
        file_ids=file_ids,
        **terms(**fields).row(),
    )


def studio(name: str = "白兔玩具") -> tuple[Any, Any]:
    """A firm that wants a licence, and its owner."""
    firm = OrganisationFactory(name=name)
    person = PersonFactory(name="苏晚")
    MembershipFactory(person=person, organisation=firm, role="owner")
    return firm, person


def asked(row: Offer, firm: Any, person: Any, **fields: Any) -> Licence:
    """A request on the offer's terms, from today on."""
    own = row.terms.row() | {"starts_on": policies.today()} | fields
    wanted = Terms(**{k: tuple(v) if isinstance(v, list) else v for k, v in own.items()})
    return services.ask(person, row.number, firm_id=firm.pk, terms=wanted)


def order_of(licence: Licence, order_id: int | None = None) -> Any:
    """The order of its guarantee, or another of its buyer."""
    return trade.visible_to(licence.buyer).get(pk=order_id or licence.order_id)


def pay(licence: Licence, order_id: int | None = None) -> Any:
    """Paid at the sandbox's cashier, heard of, and told on."""
    order = order_of(licence, order_id)
    cashier.pay(order)
    outbox.drain(rounds=20)
    order.refresh_from_db()
    return order


def contract_of(licence: Licence) -> Any:
    """The contract that is signed for it."""
    licence.refresh_from_db()
    return contracts.lock_by_number(licence.contract)


def signed(licence: Licence) -> Any:
    """All parties sign its contract, and the licence hears of it."""
    contract = papers.signed(contract_of(licence))
    outbox.drain(rounds=20)
    licence.refresh_from_db()
    return contract


def active(row: Offer, firm: Any, person: Any, owner: Any, **fields: Any) -> Licence:
    """Asked, accepted, paid, as if all had signed: keys are slow, `test_contracting` uses them."""
    licence = asked(row, firm, person, **fields)
    services.accept(owner, licence.number, seen=licence.version)
    services.contract_concluded(licence.pk)
    licence.refresh_from_db()
    if licence.order_id:
        pay(licence)
    licence.refresh_from_db()
    return licence


def began(licence: Licence, months_ago: int) -> Licence:
    """The same, as if its term had begun `months_ago`."""
    first = add_months(policies.today().replace(day=1), -months_ago)
    Licence.objects.filter(pk=licence.pk).update(starts_on=first)
    licence.refresh_from_db()
    return licence


def cleared(licence: Licence, person: Any, owner: Any, name: str = "蜃楼摆件") -> Any:
    """A good whose stages were all approved."""
    good = services.add_good(person, licence.number, name)
    for stage in licence.stages:
        approval = services.hand_in(person, licence.number, good.pk, stage=stage)
        services.answer_approval(owner, licence.number, approval.pk, approves=True)
    return good
