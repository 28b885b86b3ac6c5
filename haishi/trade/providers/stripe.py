"""Stripe: its hosted checkout, webhooks, refunds and transfers. Needs the extra `haishi[stripe]`.

A webhook is signed as `t=<seconds>,v1=<hex>`: HMAC-SHA-256 over `t.body` (docs.stripe.com/webhooks,
verify manually). It is checked here, so that the window and the reasons are ours.
"""

import hashlib
import hmac
import importlib.util
import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from haishi.foundation import clock
from haishi.foundation.errors import DomainError
from haishi.foundation.money import Money
from haishi.trade.errors import CallbackRefused, ProviderFailed
from haishi.trade.states import NoticeKind
from haishi.trade.types import Charge, Created, Known, News, Outcome, Transfer

NAME = "stripe"
WINDOW_SECONDS = 300


def installed() -> bool:
    """Whether the optional package is there."""
    return importlib.util.find_spec("stripe") is not None


def _client() -> Any:
    if not installed() or not settings.STRIPE_API_KEY:
        raise ProviderFailed
    import stripe

    return stripe.StripeClient(
        settings.STRIPE_API_KEY.reveal(),
        base_addresses={"api": settings.STRIPE_URL},
        max_network_retries=0,
    ).v1


def _ask(what: Any, *args: Any, key: str = "", **params: Any) -> Any:
    """One call; the idempotency key makes it repeatable. Raises ProviderFailed."""
    import stripe

    options: dict[str, Any] = {"idempotency_key": key} if key else {}
    try:
        return what(*args, params, options)
    except stripe.StripeError:
        raise ProviderFailed from None


class Stripe:
    """Our side of the port."""

    name = NAME
    heard = ("application/json", '{"received":true}')
    needs_payee = False
    knows_receivers = False
    merchant = ""

    def create(self, charge: Charge) -> Created:
        """A page of Stripe's checkout. Raises ProviderFailed."""
        back = f"{settings.PUBLIC_URL}{charge.return_url}"
        price = {
            "currency": charge.amount.currency.lower(),
            "unit_amount": charge.amount.minor,
            "product_data": {"name": charge.subject},
        }
        session = _ask(
            _client().checkout.sessions.create,
            key=charge.reference,
            mode="payment",
            client_reference_id=charge.reference,
            line_items=[{"quantity": 1, "price_data": price}],
            payment_intent_data={
                "transfer_group": charge.reference,
                "metadata": {"reference": charge.reference},
            },
            success_url=back,
            cancel_url=back,
        )
        return Created(str(session.id), str(session.url))

    def verify(self, headers: Mapping[str, str], body: bytes) -> News | None:
        """Signature, age, shape, in this order. Raises CallbackRefused."""
        check(headers, body)
        try:
            event = json.loads(body)
            what, kind = event["data"]["object"], event["type"]
            event_id = str(event["id"])[:64]
            digest = hashlib.sha256(json.dumps([kind, what], sort_keys=True).encode()).hexdigest()
            if kind == "checkout.session.completed" and what["payment_status"] == "paid":
                return _session_news(what, event_id, digest)
            if kind == "refund.updated" and what["status"] == "succeeded":
                return _refund_news(what, event_id, digest)
        except (ValueError, KeyError, TypeError, DomainError):
            raise CallbackRefused(reason=_("内容无法读取")) from None
        return None

    def query(self, known: Known) -> list[News]:
        """What became of the checkout. Raises ProviderFailed."""
        if not known.transaction.startswith("cs_"):
            return []
        session = _ask(_client().checkout.sessions.retrieve, known.transaction)
        if session.payment_status != "paid":
            return []
        facts = {
            name: session[name] for name in ("amount_total", "currency", "client_reference_id")
        }
        digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
        news = _session_news(session, f"asked.{known.reference}", digest)
        return [news] if news.reference == known.reference else []

    def refund(self, known: Known, number: str, amount: Money) -> News | None:
        """Pay back; the number is the idempotency key. Raises ProviderFailed."""
        told = _ask(
            _client().refunds.create,
            key=number,
            payment_intent=known.transaction,
            amount=amount.minor,
            metadata={"reference": known.reference, "number": number},
        )
        if told["status"] != "succeeded":
            return None
        digest = hashlib.sha256(f"{number}:{told['amount']}".encode()).hexdigest()
        return _refund_news(told, f"asked.{number}", digest)

    def admit(self, number: str, account: str, holder: str) -> Outcome:
        """Any account may get a part."""
        return Outcome(done=True)

    def transfer(self, known: Known, wish: Transfer) -> Outcome:
        """A transfer to the firm's connected account. Raises ProviderFailed."""
        _ask(
            _client().transfers.create,
            key=wish.number,
            amount=wish.amount.minor,
            currency=wish.amount.currency.lower(),
            destination=wish.account,
            transfer_group=known.reference,
            metadata={"number": wish.number},
        )
        return Outcome(done=True)


def check(headers: Mapping[str, str], body: bytes) -> None:
    """Raises CallbackRefused unless one of the `v1` signatures is ours and fresh."""
    known = {name.lower(): value for name, value in headers.items()}
    parts = [part.partition("=") for part in known.get("stripe-signature", "").split(",")]
    stamp = next((value for name, _eq, value in parts if name == "t"), "")
    key = settings.STRIPE_WEBHOOK_KEY.reveal().encode()
    wanted = hmac.new(key, f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    given = [value for name, _eq, value in parts if name == "v1"]
    if not key or not any(hmac.compare_digest(wanted.encode(), one.encode()) for one in given):
        raise CallbackRefused(reason=_("签名不符"))
    if not stamp.isdigit() or abs(clock.now().timestamp() - int(stamp)) > WINDOW_SECONDS:
        raise CallbackRefused(reason=_("已超过有效时间"))


def _session_news(told: Any, event_id: str, digest: str) -> News:
    return News(
        provider=NAME,
        event_id=event_id[:64],
        kind=NoticeKind.PAID.value,
        reference=str(told["client_reference_id"]),
        # Refunds and transfers are about the payment, not about the page it was made on.
        transaction=str(told["payment_intent"])[:64],
        amount=Money(int(told["amount_total"]), str(told["currency"]).upper()),
        refund_number="",
        digest=digest,
    )


def _refund_news(told: Any, event_id: str, digest: str) -> News:
    return News(
        provider=NAME,
        event_id=event_id[:64],
        kind=NoticeKind.REFUNDED.value,
        reference=str(told["metadata"]["reference"]),
        transaction=str(told["payment_intent"])[:64],
        amount=Money(int(told["amount"]), str(told["currency"]).upper()),
        refund_number=str(told["metadata"]["number"]),
        digest=digest,
    )
