"""The sandbox has its provider's side in the house; this gives it the fakes' handles."""

import base64
import json
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from haishi.foundation import clock
from haishi.trade.models import SandboxCharge
from haishi.trade.providers import sandbox, signatures
from haishi.trade.tests.fakes.server import Message


class FakeSandbox:
    """The embedded provider, spoken to like the fakes."""

    def stop(self) -> None:
        """Nothing runs."""

    def opened(self, pay_url: str) -> None:
        """Nothing happens before the buyer answers."""

    def pay(self, reference: str) -> None:
        """The buyer pays."""
        sandbox.pay(reference)

    def deliver(self, post: Any, *, copies: int = 1, reverse: bool = False, lose: bool = False):
        """Hand over what there is to tell."""
        told: list[Any] = []
        if lose:
            sandbox.deliver_due(lambda headers, body: None)
            return told
        sandbox.deliver_due(
            lambda headers, body: told.extend(post(headers, body) for _copy in range(copies)),
            reverse=reverse,
        )
        return told

    def message(self, reference: str, event: str = "", **lies: Any) -> Message:
        """A signed callback; `lies`: amount, currency, merchant, stamp."""
        row = SandboxCharge.objects.filter(reference=reference).first()
        amount = row.amount if row else 12_800
        body = json.dumps(
            {
                "id": event or f"e-{reference}",
                "type": lies.get("status", "payment.succeeded"),
                "merchant": lies.get("merchant", "haishi"),
                "reference": reference,
                "transaction": "SB1",
                "amount": lies.get("amount", amount),
                "currency": lies.get("currency", "CNY"),
                "refund": "",
            }
        ).encode()
        stamp, nonce = lies.get("stamp") or str(int(clock.now().timestamp())), "n" * 24
        text = signatures._signed_text(stamp, nonce, body)
        signature = sandbox._key().sign(text, padding.PKCS1v15(), hashes.SHA256())
        headers = {
            signatures.TIMESTAMP: stamp,
            signatures.NONCE: nonce,
            signatures.SIGNATURE: base64.b64encode(signature).decode(),
        }
        return headers, body
