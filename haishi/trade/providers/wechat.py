"""WeChat Pay v3 for platforms (电商收付通): Native, H5 and JSAPI pay, questions, refunds, parts.

Every request is signed over method, path, time, nonce and body; every answer and callback is signed
by the platform and names the serial of its key; what a callback tells is sealed with AES-256-GCM
(RFC 5116) under the APIv3 key. Source: pay.weixin.qq.com/doc/v3, 服务商 and 平台收付通.
Our own client, not wechatpayv3: that one accepted a callback that was a day old (docs/adr/0009).
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext as _

from haishi.foundation import clock
from haishi.foundation.errors import DomainError
from haishi.foundation.money import Money
from haishi.trade.errors import CallbackRefused, ProviderFailed
from haishi.trade.providers import rsa, wires
from haishi.trade.states import NoticeKind
from haishi.trade.types import Charge, Created, Known, News, Outcome, Transfer

NAME = "wechat"
SCHEME = "WECHATPAY2-SHA256-RSA2048"
WINDOW_SECONDS = 300
PARTNER, SHARING = "/v3/pay/partner/transactions", "/v3/ecommerce/profitsharing"


def authorization(method: str, path: str, body: str) -> str:
    """The Authorization header of a request sent now."""
    stamp, nonce = str(int(clock.now().timestamp())), wires.nonce()
    text = f"{method}\n{path}\n{stamp}\n{nonce}\n{body}\n"
    signature = rsa.sign(settings.WECHAT_PAY_PRIVATE_KEY, text.encode())
    return (
        f'{SCHEME} mchid="{settings.WECHAT_PAY_MERCHANT_ID}",nonce_str="{nonce}",'
        f'signature="{signature}",timestamp="{stamp}",serial_no="{settings.WECHAT_PAY_SERIAL}"'
    )


def authentic(headers: Mapping[str, str], body: bytes) -> str:
    """Why an answer or callback is not to be believed; "": it is."""
    known = {name.lower(): value for name, value in headers.items()}
    stamp, nonce = known.get("wechatpay-timestamp", ""), known.get("wechatpay-nonce", "")
    text = f"{stamp}\n{nonce}\n".encode() + body + b"\n"
    serial = known.get("wechatpay-serial", "")
    if serial != settings.WECHAT_PAY_PLATFORM_SERIAL or not rsa.signed(
        settings.WECHAT_PAY_PLATFORM_KEY, text, known.get("wechatpay-signature", "")
    ):
        return _("签名不符")
    if not stamp.isdigit() or abs(clock.now().timestamp() - int(stamp)) > WINDOW_SECONDS:
        return _("已超过有效时间")
    return ""


def call(
    method: str,
    path: str,
    content: Any = None,
    query: Mapping[str, str] | None = None,
    *,
    sealed: bool = False,
) -> tuple[int, dict[str, Any]]:
    """(status, answer), checked to be the platform's. Raises ProviderFailed.

    `sealed`: the content holds names under the platform's key, whose serial goes along.
    """
    body = "" if content is None else json.dumps(content, ensure_ascii=False)
    url = f"{settings.WECHAT_PAY_URL}{path}" + (f"?{urlencode(query)}" if query else "")
    parts = urlsplit(url)
    signed_path = parts.path + (f"?{parts.query}" if parts.query else "")
    headers = {
        "Accept": "application/json",
        "Content-Type": "application/json",
        "Authorization": authorization(method, signed_path, body),
        "User-Agent": "haishi",
    }
    if sealed:
        headers["Wechatpay-Serial"] = settings.WECHAT_PAY_PLATFORM_SERIAL
    answer = wires.ask(method, url, headers=headers, content=body.encode())
    if answer.status_code >= 500 or authentic(answer.headers, answer.content):
        raise ProviderFailed
    try:
        return answer.status_code, dict(json.loads(answer.content or b"{}"))
    except ValueError:
        raise ProviderFailed from None


def opened(resource: Mapping[str, Any]) -> dict[str, Any]:
    """What a callback's sealed resource says. Raises CallbackRefused."""
    try:
        sealed = base64.b64decode(resource["ciphertext"], validate=True)
        text = AESGCM(settings.WECHAT_PAY_API_KEY.reveal().encode()).decrypt(
            resource["nonce"].encode(), sealed, resource.get("associated_data", "").encode()
        )
        return dict(json.loads(text))
    except (KeyError, ValueError, AttributeError, TypeError, binascii.Error, InvalidTag):
        raise CallbackRefused(reason=_("内容无法读取")) from None


class WeChatPay:
    """Our side of the port."""

    name = NAME
    heard = ("application/json", '{"code":"SUCCESS"}')
    needs_payee = True
    knows_receivers = True

    @property
    def merchant(self) -> str:
        return str(settings.WECHAT_PAY_MERCHANT_ID)

    def create(self, charge: Charge) -> Created:
        """A code to scan, or the address of the phone's cashier. Raises ProviderFailed.

        Inside WeChat neither opens: there it is a page of ours, which asks by `prepay`.
        """
        if charge.inside:
            return Created("", f"/pay/wechat/{charge.reference}/inside/")
        content = _order(charge)
        way, answer = "native", "code_url"
        if charge.phone:
            way, answer = "h5", "h5_url"
            content["scene_info"] = {
                "payer_client_ip": charge.address,
                "h5_info": {"type": "Wap"},
            }
        status, told = call("POST", f"{PARTNER}/{way}", content)
        if status != 200 or not told.get(answer):
            raise ProviderFailed
        return Created("", str(told[answer]))

    def prepay(self, charge: Charge, openid: str) -> dict[str, str]:
        """What WeChat's own browser needs to open the payment (JSAPI). Raises ProviderFailed."""
        content = {**_order(charge), "payer": {"sp_openid": openid}}
        status, told = call("POST", f"{PARTNER}/jsapi", content)
        if status != 200 or not told.get("prepay_id"):
            raise ProviderFailed
        stamp, nonce = str(int(clock.now().timestamp())), wires.nonce()
        package = f"prepay_id={told['prepay_id']}"
        text = f"{settings.WECHAT_PAY_APP_ID}\n{stamp}\n{nonce}\n{package}\n"
        return {
            "appId": settings.WECHAT_PAY_APP_ID,
            "timeStamp": stamp,
            "nonceStr": nonce,
            "package": package,
            "signType": "RSA",
            "paySign": rsa.sign(settings.WECHAT_PAY_PRIVATE_KEY, text.encode()),
        }

    def verify(self, headers: Mapping[str, str], body: bytes) -> News | None:
        """Signature, age, seal, merchant, shape, in this order. Raises CallbackRefused."""
        if why := authentic(headers, body):
            raise CallbackRefused(reason=why)
        try:
            envelope = json.loads(body)
            event_id, event = str(envelope["id"])[:64], str(envelope["event_type"])
            resource = opened(envelope["resource"])
        except (ValueError, KeyError, TypeError):
            raise CallbackRefused(reason=_("内容无法读取")) from None
        if resource.get("sp_mchid") != settings.WECHAT_PAY_MERCHANT_ID:
            raise CallbackRefused(reason=_("商户号不符"))
        digest = hashlib.sha256(json.dumps(resource, sort_keys=True).encode()).hexdigest()
        if event == "REFUND.SUCCESS":
            return _refund_news(resource, event_id, digest)
        if event == "TRANSACTION.SUCCESS" and resource.get("trade_state") == "SUCCESS":
            return _pay_news(resource, event_id, digest)
        return None

    def query(self, known: Known) -> list[News]:
        """Whether it was paid. Raises ProviderFailed."""
        names = {"sp_mchid": settings.WECHAT_PAY_MERCHANT_ID, "sub_mchid": known.payee}
        status, told = call("GET", f"{PARTNER}/out-trade-no/{known.reference}", query=names)
        if status == 404:
            return []
        if status != 200:
            raise ProviderFailed
        if told.get("trade_state") not in ("SUCCESS", "REFUND"):
            return []
        news = _asked(_pay_news, told, f"asked.{known.reference}")
        return [news] if news.reference == known.reference else []

    def refund(self, known: Known, number: str, amount: Money) -> News | None:
        """Pay back; the number makes it idempotent. Raises ProviderFailed."""
        if news := self._refunded(known, number):
            return news
        status, _told = call(
            "POST",
            "/v3/ecommerce/refunds/apply",
            {
                "sub_mchid": known.payee,
                "sp_appid": settings.WECHAT_PAY_APP_ID,
                "transaction_id": known.transaction,
                "out_refund_no": number,
                "amount": {
                    "refund": amount.minor,
                    "total": known.amount.minor,
                    "currency": amount.currency,
                },
                "notify_url": f"{settings.PUBLIC_URL}/pay/callback/{NAME}/",
            },
        )
        if status != 200:
            raise ProviderFailed
        return self._refunded(known, number)

    def _refunded(self, known: Known, number: str) -> News | None:
        names = {"sub_mchid": known.payee}
        path = f"/v3/ecommerce/refunds/out-refund-no/{number}"
        status, told = call("GET", path, query=names)
        if status != 200 or told.get("status") != "SUCCESS":
            return None
        return _asked(_refund_news, told, f"asked.{number}")

    def admit(self, number: str, account: str, holder: str) -> Outcome:
        """receivers/add, for all sellers of the platform at once; the platform itself is one.

        A merchant is named in the open, a person by a sealed name (RSAES-OAEP).
        """
        merchant = account.isdigit()
        own = account == self.merchant
        content = {
            "appid": settings.WECHAT_PAY_APP_ID,
            "type": _kind_of(account),
            "account": account,
            "relation_type": "PLATFORM" if own else "SUPPLIER",
        }
        name = holder or (settings.WECHAT_PAY_NAME if own else "")
        if name:
            key = "name" if merchant else "encrypted_name"
            public = settings.WECHAT_PAY_PLATFORM_KEY
            content[key] = name if merchant else rsa.sealed(public, name.encode())
        status, told = call("POST", f"{SHARING}/receivers/add", content, sealed=not merchant)
        return Outcome(done=True) if status == 200 else _refused(told)

    def transfer(self, known: Known, wish: Transfer) -> Outcome:
        """A part to somebody, or the end of sharing, which leaves the `rest` with the seller."""
        names = {
            "sub_mchid": known.payee,
            "transaction_id": known.transaction,
            "out_order_no": wish.number,
        }
        if wish.rest:
            status, told = call(
                "POST", f"{SHARING}/finish-order", {**names, "description": wish.number}
            )
            return Outcome(done=True) if status == 200 else _refused(told)
        status, told = call("GET", f"{SHARING}/orders", query=names)
        if status == 200:
            return _shared(told)
        sealed = not wish.account.isdigit()
        content = {**names, **_share(wish)}
        status, told = call("POST", f"{SHARING}/orders", content, sealed=sealed)
        return _shared(told) if status == 200 else _refused(told)


def _order(charge: Charge) -> dict[str, Any]:
    """What every way to pay asks for."""
    return {
        "sp_appid": settings.WECHAT_PAY_APP_ID,
        "sp_mchid": settings.WECHAT_PAY_MERCHANT_ID,
        "sub_mchid": charge.payee,
        "description": charge.subject,
        "out_trade_no": charge.reference,
        "notify_url": f"{settings.PUBLIC_URL}/pay/callback/{NAME}/",
        "amount": {"total": charge.amount.minor, "currency": charge.amount.currency},
        "settle_info": {"profit_sharing": True},
    }


def _kind_of(account: str) -> str:
    """A merchant's number is digits; an openid is not."""
    return "MERCHANT_ID" if account.isdigit() else "PERSONAL_OPENID"


def _share(wish: Transfer) -> dict[str, Any]:
    receiver = {
        "type": _kind_of(wish.account),
        "receiver_account": wish.account,
        "amount": wish.amount.minor,
        "description": wish.number,
    }
    if not wish.account.isdigit() and wish.holder:  # only a person's name is checked, sealed
        public = settings.WECHAT_PAY_PLATFORM_KEY
        receiver["receiver_name"] = rsa.sealed(public, wish.holder.encode())
    return {"appid": settings.WECHAT_PAY_APP_ID, "receivers": [receiver], "finish": False}


def _shared(told: dict[str, Any]) -> Outcome:
    """What became of the one receiver of an instruction."""
    receivers = told.get("receivers") or [{}]
    result = receivers[0].get("result", "PENDING")
    if result == "CLOSED":
        return Outcome(reason=str(receivers[0].get("fail_reason", "CLOSED"))[:200])
    return Outcome(done=result == "SUCCESS")


def _refused(told: dict[str, Any]) -> Outcome:
    """Busy is tried again with the same number; everything else is for people."""
    if told.get("code") in ("SYSTEM_ERROR", "FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED"):
        raise ProviderFailed
    return Outcome(reason=str(told.get("message") or told.get("code") or "?")[:200])


def _pay_news(told: Mapping[str, Any], event_id: str, digest: str) -> News:
    return _news(told, NoticeKind.PAID, event_id, digest, "total", "")


def _refund_news(told: Mapping[str, Any], event_id: str, digest: str) -> News:
    number = str(told.get("out_refund_no", ""))
    return _news(told, NoticeKind.REFUNDED, event_id, digest, "refund", number)


def _news(
    told: Mapping[str, Any], kind: NoticeKind, event_id: str, digest: str, sum_of: str, number: str
) -> News:
    try:
        amount = told["amount"]
        return News(
            provider=NAME,
            event_id=event_id,
            kind=kind.value,
            reference=str(told["out_trade_no"]),
            transaction=str(told["transaction_id"])[:64],
            amount=Money(int(amount[sum_of]), str(amount.get("currency", "CNY"))),
            refund_number=number,
            digest=digest,
        )
    except (KeyError, ValueError, TypeError, AttributeError, DomainError):
        raise CallbackRefused(reason=_("内容无法读取")) from None


def _asked(read: Any, told: dict[str, Any], event_id: str) -> News:
    """News out of an answer to our own question; its digest is of the facts alone."""
    facts = [told.get("out_trade_no"), told.get("out_refund_no"), told.get("amount")]
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
    try:
        news: News = read(told, event_id[:64], digest)
    except CallbackRefused:
        raise ProviderFailed from None
    return news
