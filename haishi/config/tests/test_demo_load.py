"""The demo edition: whole at any size, the same every time, refused where somebody already is."""

import datetime as dt
import hashlib
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet

from haishi.catalogue.models import Product
from haishi.config.demo import drawing, load, models3d, names
from haishi.contracts.models import Contract
from haishi.expo.models import (
    CardGrant,
    Checkin,
    Enquiry,
    Exhibitor,
    Lead,
    Registration,
)
from haishi.foundation import audit, clock
from haishi.foundation.models import AuditEntry, Outbox
from haishi.foundation.money import Money
from haishi.foundation.types import SYSTEM
from haishi.launches.models import Claim
from haishi.media.models import Asset
from haishi.notices.models import Notice
from haishi.parties.models import Organisation, Person
from haishi.search import selectors as search
from haishi.search.types import Query
from haishi.trade import selectors as trade
from haishi.trade.models import (
    Approval,
    Dispute,
    Invoice,
    InvoiceRequest,
    Order,
    Reconciliation,
    Review,
)
from haishi.trade.states import HELD

pytestmark = pytest.mark.django_db
SMALL = load.Scale(
    firms=15, shown=9, past=4, visitors=24, cards=40, exchanges=8, enquiries=24, sessions=6,
    launches=24, clips=0, brochures=0, sharpness=0.06,
)  # fmt: skip


# Orders of a first sale, and how many a small load has.
SOLD_FIRST, SOLD = Q(origin__startswith="claim:"), 24
# Of a day at the sandbox all but one payment agree.
RECONCILED = 13


def quietly(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def test_a_platform_with_an_organisation_is_left_as_it_is(firm):
    before = list(Organisation.objects.values_list("pk", flat=True)), Person.objects.count()
    with pytest.raises(load.AlreadyLoaded):
        load.load(quietly)
    assert (list(Organisation.objects.values_list("pk", flat=True)), Person.objects.count()) == (
        before
    )


def counts() -> dict[str, int]:
    waiting = Exhibitor.objects.filter(edition__state="open", state="submitted")
    return {
        "firms": Organisation.objects.filter(is_organiser=False).count(),
        "products": Product.objects.count(),
        "booths": Exhibitor.objects.filter(edition__state="open", complete=True).count(),
        "applications": waiting.count(),
        "registered": Registration.objects.filter(edition__state="open").count(),
        "cards to firms": CardGrant.objects.filter(edition__state="open").count(),
        "cards to people": CardGrant.objects.filter(exhibitor=None).count(),
        "enquiries": Enquiry.objects.filter(exhibitor__edition__state="open").count(),
        "past booths": Exhibitor.objects.filter(edition__state="closed").count(),
    }


def story() -> str:
    """Everything people did, by names and moments, as one fingerprint."""
    lines = [
        list(Person.objects.order_by("email").values_list("email", "name", "title")),
        list(
            Product.objects.order_by("slug").values_list("slug", "state", "price_minor", "reason")
        ),
        list(Registration.objects.order_by("code").values_list("code", "kind", "registered_at")),
        list(Checkin.objects.order_by("key").values_list("key", "at", "received_at")),
        sorted(CardGrant.objects.values_list("giver__email", "via", "granted_at", "revoked_at")),
        sorted(Lead.objects.values_list("person__email", "rating", "source", "created_at")),
        sorted(Enquiry.objects.values_list("person__email", "subject", "state", "created_at")),
        # Numbers and moments of deals that go through real signatures and payments are their own.
        sorted(Order.objects.values_list("buyer__email", "seller__slug", "total_minor", "state")),
        sorted(Review.objects.values_list("author__email", "rating", "written_at")),
    ]
    return hashlib.sha256(repr(lines).encode()).hexdigest()


def noon() -> dt.datetime:
    """Midday of the expo's zone, so that as many have come whenever the tests run."""
    return clock.now().replace(hour=4, minute=0, second=0, microsecond=0)


def test_a_small_load_fills_every_desk_keeps_the_chain_and_clears_what_a_killed_one_left():
    left = Path(default_storage.location) / "o" / "left.jpg"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"left")
    drawn = settings.HAISHI_HOME / "cache" / "demo" / "0"
    drawn.mkdir(parents=True, exist_ok=True)
    load.load(quietly, SMALL, noon())
    assert counts() == {
        "firms": 15,
        "products": 68,
        "booths": 9,
        "applications": 3,
        "registered": 30,
        "cards to firms": 47,
        "cards to people": 10,
        "enquiries": 24,
        "past booths": 3,
    }
    assert_contracts_in_every_state()
    assert_orders_in_every_state()
    assert_first_sales_are_paid()
    assert_figures_agree()
    assert_everything_is_noted()
    assert not left.exists()
    assert not drawn.exists()
    kept = {path.name for path in Path(default_storage.location).rglob("*") if path.is_dir()}
    assert set(Asset.objects.values_list("token", flat=True)) <= kept


def assert_contracts_in_every_state() -> None:
    deals = Contract.objects.order_by("pk").values_list("state", flat=True)
    assert list(deals) == [
        "fulfilled", "concluded", "concluded", "signing", "review", "draft", "declined",
        "signing",
    ]  # fmt: skip
    assert Contract.objects.earliest("pk").parties.exclude(signed_at=None).count() == 5
    bills = Order.objects.filter(origin__startswith="milestone:").order_by("pk")
    assert list(bills.values_list("state", flat=True)) == ["completed", "paid", "paid"]


def assert_orders_in_every_state() -> None:
    states = set(Enquiry.objects.values_list("state", flat=True))
    assert states == {"open", "missed", "answered", "closed"}
    bought = Order.objects.exclude(Q(origin__startswith="milestone:") | SOLD_FIRST)
    assert Counter(bought.values_list("state", flat=True)) == {
        "awaiting": 7, "paid": 11, "part_shipped": 3, "shipped": 8, "received": 4, "completed": 15,
        "cancelled": 2, "expired": 2, "refunded": 2,
    }  # fmt: skip
    assert sorted(Dispute.objects.values_list("state", flat=True)) == [
        "agreed", "decided", "deciding", "mediation", "negotiating", "negotiating", "open",
        "withdrawn",
    ]  # fmt: skip
    assert Counter(InvoiceRequest.objects.values_list("state", flat=True)) == {
        "requested": 1, "issued": 3,
    }  # fmt: skip
    assert Invoice.objects.filter(amount_minor__lt=0).count() == 1
    assert Approval.objects.filter(state="waiting").count() == 2


def assert_first_sales_are_paid() -> None:
    """Behind each bought claim an order of its buyer, its firm and its price; behind none other."""
    claims = Claim.objects.select_related("order", "allotment__launch__exhibitor")
    for claim in claims.filter(state="bought"):
        order, sale = claim.order, claim.allotment
        assert order is not None
        assert (order.origin, order.buyer_id) == (f"claim:{claim.pk}", claim.person_id)
        assert order.seller_id == sale.launch.exhibitor.organisation_id
        assert trade.held(order) == Money(sale.price_minor)
        assert order.lines.get().hold_id == claim.hold_id
        assert sale.opens_at < order.created_at < order.paid_at
    assert claims.exclude(state="bought").exclude(order=None).count() == 0
    bought = claims.filter(state="bought").count()
    assert (bought, Order.objects.filter(SOLD_FIRST).count()) == (SOLD, SOLD)


def assert_figures_agree() -> None:
    assert trade.trial_balance().balanced
    wrong = {
        (row.number, figure.name, str(figure.audit), str(figure.tables), str(figure.ledger))
        for row in Order.objects.all()
        for figure in trade.deal_figures(row.number)
        if not figure.ok
    }
    assert wrong == set()
    assert all(trade.held(row).minor > 0 for row in Order.objects.filter(state__in=HELD))

    day = Reconciliation.objects.get()
    assert (day.matched, day.rows - day.matched, day.differences.count()) == (RECONCILED, 1, 1)


def assert_everything_is_noted() -> None:
    assert Outbox.objects.count() == 0
    noted = Counter(AuditEntry.objects.values_list("action", flat=True))
    assert noted["checkin"] == Checkin.objects.count()
    assert noted["enquiry.sent"] == Enquiry.objects.count()
    assert noted["card.given"] + noted["card.exchanged"] == CardGrant.objects.count()
    entries = AuditEntry.objects.count()
    assert audit.seal(limit=entries + 1) == entries
    assert audit.verify() == (entries, None)


def test_two_loads_at_one_moment_are_the_same_none_is_later_and_a_cut_one_is_finished():
    begun, now = clock.now(), noon()
    point = transaction.savepoint()
    load.load(quietly, SMALL, now)
    first = story()
    transaction.savepoint_rollback(point)
    load.load(quietly, SMALL, now)
    assert story() == first
    later = later_than(now, begun)
    assert [rows.count() for rows in later] == [0] * len(later)
    assert_found()
    shutil.rmtree(settings.SEARCH_ROOT)  # as if it had been killed after its last row
    load.finish(quietly)
    assert_found()


def later_than(now: dt.datetime, begun: dt.datetime) -> list[QuerySet[Any]]:
    """What is told of a moment after `now`; deals that were really made since `begun` are not."""
    return [
        Registration.objects.filter(registered_at__gt=now),
        Checkin.objects.filter(at__gt=now),
        Checkin.objects.filter(received_at__gt=now),
        CardGrant.objects.filter(granted_at__gt=now),
        CardGrant.objects.filter(revoked_at__gt=now),
        Enquiry.objects.filter(created_at__gt=now),
        Enquiry.objects.filter(answered_at__gt=now),
        Enquiry.objects.filter(escalated_at__gt=now),
        Enquiry.objects.filter(messages__at__gt=now),
        Lead.objects.filter(notes__at__gt=now),
        Product.objects.filter(submitted_at__gt=now),
        Notice.objects.filter(created_at__gt=now, kind="announcement"),
        Notice.objects.filter(created_at__gt=now, created_at__lt=begun, kind__in=("order", "sale")),
        Order.objects.filter(created_at__gt=now, created_at__lt=begun),
        Order.objects.filter(paid_at__gt=now, paid_at__lt=begun),
        Order.objects.filter(ended_at__gt=now, ended_at__lt=begun),
        Review.objects.filter(answered_at__gt=now),
        AuditEntry.objects.filter(subject_type="trade.order", at__gt=now, at__lt=begun),
    ]


def assert_found() -> None:
    """A hall, a firm and a product, each the first hit of its own name."""
    product = Product.objects.filter(state="listed").order_by("pk")[0]
    booth = Exhibitor.objects.filter(edition__state="open", complete=True).order_by("pk")[0]
    asked = [
        ("exhibitor", booth.organisation.name),
        ("product", product.name),
        ("hall", "国家文化大数据馆"),
    ]
    hits = [search.search(SYSTEM, Query(text, kind)).hits for kind, text in asked]
    assert [str(first.title) for first, *_rest in hits] == [text for _kind, text in asked]


def test_children_write_each_picture_in_two_formats_at_its_final_sizes(tmp_path):
    firm = names.organisations()[0]
    job = drawing.Job(("mark", firm.key), "organisation_mark", (firm.seed,), None, "", "", 1.25)
    ((only,),) = drawing.make_all([], [job], tmp_path)
    listed = ["320.jpg", "320.webp", "640.jpg", "640.webp"]
    assert [file["name"] for file in only.files] == listed
    assert (only.facts["width"], only.facts["height"]) == (640, 640)
    assert sorted(path.name for path in only.folder.iterdir()) == listed


def test_children_make_models_while_nobody_else_needs_the_database(tmp_path):
    paper = drawing.Paper(("model", "work-0001"), "model", ("vase", 7), None, "vase.glb", "model")
    ((made,),) = drawing.make_all([paper], [], tmp_path)
    assert made == (paper, models3d.model("vase", 7))
