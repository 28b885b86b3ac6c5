"""Alipay: computer and phone web pay, questions, refunds, parts to others (RSA2).

Requests are form fields; the signed text is every field but `sign`, sorted, `key=value` joined by
`&`. A notification leaves out `sign_type` as well, and empty values. An answer is signed over the
raw JSON of its one node. Source: opendocs.alipay.com, 开放平台 › 签名 and 统一收单 interfaces.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.utils.translation import gettext as _

from haishi.foundation import clock
from haishi.foundation.errors import DomainError
from haishi.foundation.money import Money
from haishi.trade.errors import CallbackRefused, ProviderFailed
from haishi.trade.providers import rsa, wires
from haishi.trade.states import NoticeKind
from haishi.trade.types import Charge, Created, Known, News, Outcome, Transfer

NAME = "alipay"
ZONE = "Asia/Shanghai"
# It repeats a notification for 24 hours and 22 minutes; the id is the same, so once is enough.
BELIEVED = dt.timedelta(hours=25)
PAID = {"TRADE_SUCCESS", "TRADE_FINISHED"}


def canonical(fields: Mapping[str, str], *leave_out: str) -> bytes:
    """The text that is signed."""
    kept = sorted((k, v) for k, v in fields.items() if v and k not in leave_out)
    return "&".join(f"{k}={v}" for k, v in kept).encode()


def yuan(amount: Money) -> str:
    """`"12.80"`. Raises ProviderFailed for another currency."""
    if amount.currency != "CNY":
        raise ProviderFailed
    return f"{amount.amount:.2f}"


def request(method: str, content: dict[str, Any], **extra: str) -> dict[str, str]:
    """The signed fields of one call."""
    fields = {
        "app_id": settings.ALIPAY_APP_ID,
        "method": method,
        "format": "JSON",
        "charset": "utf-8",
        "sign_type": "RSA2",
        "timestamp": clock.local(clock.now(), ZONE).strftime("%Y-%m-%d %H:%M:%S"),
        "version": "1.0",
        "biz_content": json.dumps(content, ensure_ascii=False, separators=(",", ":")),
        **extra,
    }
    return {**fields, "sign": rsa.sign(settings.ALIPAY_PRIVATE_KEY, canonical(fields, "sign"))}


def _node(text: str, name: str) -> str:
    """The raw JSON of one node: what was signed is its very characters."""
    start = text.index("{", text.index(f'"{name}"'))
    _value, end = json.JSONDecoder().raw_decode(text, start)
    return text[start:end]


def call(method: str, content: dict[str, Any]) -> dict[str, Any]:
    """Ask and check who answered. Raises ProviderFailed."""
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    body = urlencode(request(method, content)).encode()
    answer = wires.ask("POST", settings.ALIPAY_URL, headers=headers, content=body)
    name = method.replace(".", "_") + "_response"
    try:
        node = _node(answer.text, name)
        signature = str(json.loads(answer.text)["sign"])
        told = json.loads(node)
    except (ValueError, KeyError):
        raise ProviderFailed from None
    if not rsa.signed(settings.ALIPAY_PUBLIC_KEY, node.encode(), signature):
        raise ProviderFailed
    return dict(told)


class Alipay:
    """Our side of the port."""

    name = NAME
    heard = ("text/plain", "success")
    needs_payee = True
    knows_receivers = True

    @property
    def merchant(self) -> str:
        return str(settings.ALIPAY_SELLER_ID)

    def create(self, charge: Charge) -> Created:
        """The address of its cashier, signed; nothing is sent before the buyer opens it."""
        content = {
            "out_trade_no": charge.reference,
            "total_amount": yuan(charge.amount),
            "subject": charge.subject,
            "product_code": "QUICK_WAP_WAY" if charge.phone else "FAST_INSTANT_TRADE_PAY",
            # The seller collects (直付通); the money stays frozen until it is confirmed.
            "sub_merchant": {"merchant_id": charge.payee},
            "settle_info": _settle(charge.amount),
        }
        method = "alipay.trade.wap.pay" if charge.phone else "alipay.trade.page.pay"
        fields = request(
            method,
            content,
            notify_url=f"{settings.PUBLIC_URL}/pay/callback/{NAME}/",
            return_url=f"{settings.PUBLIC_URL}{charge.return_url}",
        )
        return Created("", f"{settings.ALIPAY_URL}?{urlencode(fields)}")

    def verify(self, headers: Mapping[str, str], body: bytes) -> News | None:
        """Signature, application, seller, age, shape, in this order. Raises CallbackRefused."""
        try:
            fields = dict(parse_qsl(body.decode(), strict_parsing=True, keep_blank_values=True))
        except ValueError:
            raise CallbackRefused(reason=_("签名不符")) from None
        text = canonical(fields, "sign", "sign_type")
        if not rsa.signed(settings.ALIPAY_PUBLIC_KEY, text, fields.get("sign", "")):
            raise CallbackRefused(reason=_("签名不符"))
        ours = (settings.ALIPAY_APP_ID, settings.ALIPAY_SELLER_ID)
        if (fields.get("app_id"), fields.get("seller_id")) != ours:
            raise CallbackRefused(reason=_("商户号不符"))
        return self._told(fields, hashlib.sha256(text).hexdigest())

    def _told(self, fields: dict[str, str], digest: str) -> News | None:
        try:
            sent = dt.datetime.strptime(fields["notify_time"], "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007
            age = clock.now() - clock.instant(sent, ZONE)
            status = fields["trade_status"]
            currency = fields.get("trans_currency") or fields.get("settle_currency") or "CNY"
            news = News(
                provider=NAME,
                event_id=fields["notify_id"][:64],
                kind=NoticeKind.PAID.value,
                reference=fields["out_trade_no"],
                transaction=fields["trade_no"][:64],
                amount=Money.parse(fields["total_amount"], currency),
                refund_number="",
                digest=digest,
            )
        except (KeyError, ValueError, DomainError):
            raise CallbackRefused(reason=_("内容无法读取")) from None
        if abs(age) > BELIEVED:
            raise CallbackRefused(reason=_("已超过有效时间"))
        # News of a refund has the sum of all refunds only: ours are asked for by their number.
        return news if status in PAID and "gmt_refund" not in fields else None

    def query(self, known: Known) -> list[News]:
        """Whether it was paid. A trade that the buyer never opened does not exist there yet."""
        told = call("alipay.trade.query", {"out_trade_no": known.reference})
        if told.get("code") != "10000":
            if told.get("sub_code") == "ACQ.TRADE_NOT_EXIST":
                return []
            raise ProviderFailed
        if told.get("trade_status") not in PAID or told.get("out_trade_no") != known.reference:
            return []
        return [_asked(told, known.reference, NoticeKind.PAID, str(told["total_amount"]))]

    def refund(self, known: Known, number: str, amount: Money) -> News | None:
        """Pay back; asked for by its number first, so that a repetition pays nothing."""
        names = {"out_trade_no": known.reference, "out_request_no": number}
        if news := self._refunded(names, number):
            return news
        told = call(
            "alipay.trade.refund",
            {**names, "refund_amount": yuan(amount), "refund_reason": number},
        )
        if told.get("code") != "10000":
            raise ProviderFailed
        return self._refunded(names, number)

    def _refunded(self, names: dict[str, str], number: str) -> News | None:
        told = call("alipay.trade.fastpay.refund.query", names)
        if told.get("code") != "10000" or told.get("refund_status") != "REFUND_SUCCESS":
            return None
        amount = str(told.get("refund_amount", ""))
        return _asked(told, names["out_trade_no"], NoticeKind.REFUNDED, amount, number)

    def admit(self, number: str, account: str, holder: str) -> Outcome:
        """trade.royalty.relation.bind: who is not bound gets no part of any trade of ours.

        A login name must come with the name of its holder; a user id is checked against it.
        """
        receiver = {"type": _kind_of(account), "account": account, "memo": number}
        if holder:
            receiver["name"] = holder
        content = {"out_request_no": number, "receiver_list": [receiver]}
        told = call("alipay.trade.royalty.relation.bind", content)
        if told.get("code") == "10000" and told.get("result_code") == "SUCCESS":
            return Outcome(done=True)
        return _refused(told)

    def unsettled(self, known: Known) -> Money | None:
        """What of a trade can still be shared (trade.order.onsettle.query), None: not told."""
        told = call("alipay.trade.order.onsettle.query", {"trade_no": known.transaction})
        try:
            return Money.parse(str(told["unsettled_amount"]), "CNY")
        except (KeyError, DomainError):
            return None

    def transfer(self, known: Known, wish: Transfer) -> Outcome:
        """trade.order.settle for others; settle.confirm for the `rest`, which unfreezes it.

        A part that was handed out before is told apart by its number. A refusal says how much
        there was left to share.
        """
        named = {"out_request_no": wish.number, "trade_no": known.transaction}
        if wish.rest:
            told = call(
                "alipay.trade.settle.confirm", {**named, "settle_info": _settle(wish.amount)}
            )
        else:
            told = call("alipay.trade.order.settle", {**named, **_royalty(wish)})
        if told.get("code") == "10000":
            return Outcome(done=True)
        refusal = _refused(told)
        left = None if wish.rest else self.unsettled(known)
        if left is None:
            return refusal
        said = _("%(reason)s（剩余可分 %(left)s）") % {"reason": refusal.reason, "left": left}
        return Outcome(reason=said[:200])


def _refused(told: dict[str, Any]) -> Outcome:
    """Busy, or not known yet, is tried again with the same number; the rest is for people."""
    if told.get("code") in ("20000", "10003"):
        raise ProviderFailed
    return Outcome(reason=str(told.get("sub_msg") or told.get("msg") or "")[:200] or "?")


def _kind_of(account: str) -> str:
    """A user id is sixteen digits that begin with 2088; everything else is a login name."""
    named = account.startswith("2088") and account.isdigit() and len(account) == 16
    return "userId" if named else "loginName"


def _settle(amount: Money) -> dict[str, Any]:
    return {"settle_detail_infos": [{"trans_in_type": "defaultSettle", "amount": yuan(amount)}]}


def _royalty(wish: Transfer) -> dict[str, Any]:
    part = {
        "royalty_type": "transfer",
        "trans_in": wish.account,
        "trans_in_type": _kind_of(wish.account),
        "amount": yuan(wish.amount),
        "desc": wish.number,
    }
    return {"royalty_parameters": [part], "royalty_mode": "sync"}


def _asked(
    told: dict[str, Any], reference: str, kind: NoticeKind, amount: str, number: str = ""
) -> News:
    """News out of an answer to our own question: the same fact is the same event."""
    what = json.dumps([kind.value, reference, amount, number]).encode()
    try:
        return News(
            provider=NAME,
            event_id=f"asked.{reference}.{number or 'paid'}"[:64],
            kind=kind.value,
            reference=reference,
            transaction=str(told.get("trade_no", ""))[:64],
            amount=Money.parse(amount, "CNY"),
            refund_number=number,
            digest=hashlib.sha256(what).hexdigest(),
        )
    except DomainError:
        raise ProviderFailed from None
