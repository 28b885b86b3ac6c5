"""Stripe's API and webhooks, after docs.stripe.com."""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import parse_qs

from haishi.foundation import clock
from haishi.trade.tests.fakes.server import Answer, Fake, Message

API_KEY, WEBHOOK_KEY = "sk_test_haishi0123456789", "whsec_haishi0123456789"


class FakeStripe(Fake):
    """Sessions by our number: {"amount", "currency", "paid"}."""

    def __init__(self) -> None:
        self.sessions: dict[str, dict[str, Any]] = {}
        self.answers: dict[str, dict[str, Any]] = {}
        super().__init__()

    def genuine(self, method, path, headers, body) -> bool:
        return headers.get("Authorization") == f"Bearer {API_KEY}"

    def answer(self, method, path, headers, body) -> Answer:
        wish = {k: v[0] for k, v in parse_qs(body.decode()).items()}
        key = headers.get("Idempotency-Key", "")
        told = self.answers.get(key) or self._say(method, path, wish)
        if method == "POST" and key:
            self.answers[key] = told
        return 200, {"Content-Type": "application/json"}, json.dumps(told).encode()

    def _say(self, method: str, path: str, wish: dict[str, str]) -> dict[str, Any]:
        if path.startswith("/v1/checkout/sessions"):
            number = wish.get("client_reference_id") or path.rsplit("_", 1)[1]
            if method == "POST":
                line = "line_items[0][price_data]"
                self.sessions[number] = {
                    "amount": int(wish[f"{line}[unit_amount]"]),
                    "currency": wish[f"{line}[currency]"],
                    "paid": False,
                }
            return self.session(number)
        if path == "/v1/refunds":
            number = wish["payment_intent"].removeprefix("pi_")
            return {
                "id": f"re_{wish['metadata[number]']}",
                "object": "refund",
                "amount": int(wish["amount"]),
                "currency": self.sessions[number]["currency"],
                "payment_intent": wish["payment_intent"],
                "status": "succeeded",
                "metadata": {"reference": number, "number": wish["metadata[number]"]},
            }
        return {"id": f"tr_{wish['metadata[number]']}", "object": "transfer", **wish}

    def session(self, number: str, **lies: Any) -> dict[str, Any]:
        """A checkout session as Stripe shows it."""
        known = self.sessions.get(number) or {"amount": 12_800, "currency": "cny", "paid": True}
        return {
            "id": f"cs_{number}",
            "object": "checkout.session",
            "url": f"https://checkout.stripe.com/c/pay/cs_{number}",
            "client_reference_id": number,
            "payment_intent": f"pi_{number}",
            "payment_status": "paid" if known["paid"] else "unpaid",
            "amount_total": lies.get("amount", known["amount"]),
            "currency": lies.get("currency", known["currency"]).lower(),
        }

    def pay(self, reference: str) -> None:
        """The buyer pays; a webhook waits."""
        self.sessions[reference]["paid"] = True
        self.news.append(self.message(reference))

    def message(self, reference: str, event: str = "", **lies: Any) -> Message:
        """A signed webhook; `lies`: amount (minor), currency, stamp."""
        what = self.session(reference, **lies) | {"payment_status": "paid"}
        body = json.dumps(
            {
                "id": event or f"evt_{reference}",
                "object": "event",
                "type": lies.get("status", "checkout.session.completed"),
                "data": {"object": what},
            }
        ).encode()
        stamp = lies.get("stamp") or str(int(clock.now().timestamp()))
        mark = hmac.new(WEBHOOK_KEY.encode(), f"{stamp}.".encode() + body, hashlib.sha256)
        return {"Stripe-Signature": f"t={stamp},v1={mark.hexdigest()}"}, body
