"""WeChat Pay v3 for platforms, after pay.weixin.qq.com/doc/v3."""

import base64
import json
import re
import secrets
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from haishi.foundation import clock
from haishi.trade.tests.fakes.server import Answer, Fake, Message, pair

MERCHANT, APP, SERIAL = (
    "1900000001",
    "wx0000000000000001",
    "5157F09EFDC096DE15EBE81A47057A7232F1B8E1",
)
PLATFORM_SERIAL, API_KEY = "PUB_KEY_ID_0119000000012026", "0123456789abcdef0123456789abcdef"
APP_SECRET = "fedcba9876543210fedcba9876543210"
CODE_SECONDS = 300
WORDS = re.compile(r'(\w+)="([^"]*)"')


class FakeWeChat(Fake):
    """Trades by our number: {"state", "way", "amount", "currency", "sub", "refunds": {no: fen}}.

    Browsers log in at the same place: `visitor` is the openid of whoever comes there.
    `another_state`: browsers are sent back with this state instead of ours.
    """

    def __init__(self) -> None:
        self.trades: dict[str, dict[str, Any]] = {}
        self.shared: dict[str, dict[str, Any]] = {}
        self.finished: list[str] = []
        self.closes_sharing = ""
        self.visitor, self.another_state = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", ""
        self.codes: dict[str, tuple[str, float]] = {}
        self.used: set[str] = set()
        self.receivers: dict[str, dict[str, Any]] = {}
        self._key = serialization.load_pem_private_key(pair("wechat")[0].encode(), None)
        self._ours = serialization.load_pem_public_key(pair("wechat-ours")[1].encode())
        super().__init__()

    def genuine(self, method, path, headers, body) -> bool:
        if urlsplit(path).path in ("/connect/oauth2/authorize", "/sns/oauth2/access_token"):
            return True  # browsers sign nothing, and the other has a secret in its query
        scheme, _space, rest = headers.get("Authorization", "").partition(" ")
        words = dict(WORDS.findall(rest))
        text = f"{method}\n{path}\n{words['timestamp']}\n{words['nonce_str']}\n{body.decode()}\n"
        try:
            signature = base64.b64decode(words["signature"])
            self._ours.verify(signature, text.encode(), padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        named = (scheme, words["mchid"], words["serial_no"])
        return named == ("WECHATPAY2-SHA256-RSA2048", MERCHANT, SERIAL)

    def signed(self, body: bytes, stamp: str = "") -> dict[str, str]:
        """The headers of an answer or a callback."""
        stamp, nonce = stamp or str(int(clock.now().timestamp())), secrets.token_hex(16)
        text = f"{stamp}\n{nonce}\n".encode() + body + b"\n"
        signature = self._key.sign(text, padding.PKCS1v15(), hashes.SHA256())
        return {
            "Wechatpay-Timestamp": stamp,
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Serial": PLATFORM_SERIAL,
            "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
            "Wechatpay-Signature": base64.b64encode(signature).decode(),
            "Content-Type": "application/json",
        }

    def answer(self, method, path, headers, body) -> Answer:
        place, query = urlsplit(path).path, dict(parse_qsl(urlsplit(path).query))
        if place == "/connect/oauth2/authorize":
            return 302, {"Location": self.sent_back(query)}, b""
        if place == "/sns/oauth2/access_token":
            return 200, {"Content-Type": "text/plain"}, json.dumps(self._login(query)).encode()
        wish = json.loads(body) if body else {}
        sealed = [wish.get("encrypted_name"), wish.get("receivers", [{}])[0].get("receiver_name")]
        if any(sealed) and headers.get("Wechatpay-Serial") != PLATFORM_SERIAL:
            text = json.dumps({"code": "PARAM_ERROR", "message": "缺少平台证书序列号"}).encode()
            return 400, self.signed(text), text
        query = {k: v[0] for k, v in parse_qs(urlsplit(path).query).items()}
        status, told = self._say(method, urlsplit(path).path, wish, query)
        text = json.dumps(told).encode()
        return status, self.signed(text), text

    def _say(self, method, path, wish, query) -> tuple[int, dict[str, Any]]:
        last = path.rsplit("/", 1)[1]
        if "/partner/transactions/out-trade-no/" in path:
            return self._asked(last, query)
        if "/partner/transactions/" in path:
            return self._create(last, wish)
        if path.endswith("/refunds/apply"):
            return self._refund(wish)
        if "/refunds/out-refund-no/" in path:
            return self._refund_asked(last)
        if path.endswith("/receivers/add"):
            if wish["type"] == "MERCHANT_ID" and not wish.get("name"):
                return 400, {"code": "PARAM_ERROR", "message": "缺少商户全称"}
            self.receivers[wish["account"]] = wish
            return 200, {"type": wish["type"], "account": wish["account"]}
        if path.endswith("/finish-order"):
            self.finished.append(wish["out_order_no"])
            return 200, {"order_id": "3008450740201411110007820472"}
        number = (wish or query)["out_order_no"]
        if method == "POST":
            if wish["receivers"][0]["receiver_account"] not in self.receivers:
                return 400, {"code": "NO_AUTH", "message": "分账接收方关系不存在"}
            self.shared.setdefault(number, wish)
        if number not in self.shared:
            return 404, {"code": "RESOURCE_NOT_EXISTS", "message": "记录不存在"}
        return 200, self._sharing(number, method)

    def sent_back(self, query: dict[str, str]) -> str:
        """Where a browser goes that came to be known; with a new code."""
        asked = (query["appid"], query["response_type"], query["scope"])
        assert asked == (APP, "code", "snsapi_base")
        assert re.fullmatch("[a-zA-Z0-9]{1,128}", query["state"])
        code = secrets.token_hex(16)
        self.codes[code] = (self.visitor, clock.now().timestamp() + CODE_SECONDS)
        told = urlencode({"code": code, "state": self.another_state or query["state"]})
        return f"{query['redirect_uri']}?{told}"

    def _login(self, query: dict[str, str]) -> dict[str, Any]:
        """The openid of a code, once."""
        if (query["appid"], query["secret"]) != (APP, APP_SECRET):
            return {"errcode": 40125, "errmsg": f"invalid appsecret {query['secret']}"}
        assert query["grant_type"] == "authorization_code"
        code = query["code"]
        if code in self.used:
            return {"errcode": 40163, "errmsg": "code been used"}
        openid, until = self.codes.get(code, ("", 0.0))
        if not openid:
            return {"errcode": 40029, "errmsg": "invalid code"}
        if clock.now().timestamp() >= until:
            return {"errcode": 42003, "errmsg": "oauth_code expired"}
        self.used.add(code)
        return {"access_token": "A", "expires_in": 7200, "openid": openid, "scope": "snsapi_base"}

    def _sharing(self, number: str, method: str) -> dict[str, Any]:
        receiver = dict(self.shared[number]["receivers"][0])
        receiver["result"] = "PENDING" if method == "POST" else "SUCCESS"
        if self.closes_sharing:
            receiver |= {"result": "CLOSED", "fail_reason": self.closes_sharing}
        return {"out_order_no": number, "status": "FINISHED", "receivers": [receiver]}

    def _create(self, way: str, wish: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        number = wish["out_trade_no"]
        payer = wish.get("payer", {}).get("sp_openid", "")
        if (way == "jsapi") != bool(payer) or (payer and payer != self.visitor):
            return 400, {"code": "PARAM_ERROR", "message": "appid 和 openid 不匹配"}
        trade = self.trades.setdefault(
            number,
            {
                "way": way,
                "state": "NOTPAY",
                "amount": wish["amount"]["total"],
                "currency": wish["amount"]["currency"],
                "sub": wish["sub_mchid"],
                "refunds": {},
            },
        )
        if trade["way"] != way:
            return 400, {"code": "INVALID_REQUEST", "message": "商户订单号重复"}
        if trade["state"] != "NOTPAY":
            return 400, {"code": "ORDERPAID", "message": "订单已支付"}
        told = {
            "native": {"code_url": f"weixin://wxpay/bizpayurl?pr={number}"},
            "h5": {"h5_url": f"https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?p={number}"},
            "jsapi": {"prepay_id": f"wx{number}"},
        }
        return 200, told[way]

    def _asked(self, number: str, query: dict[str, str]) -> tuple[int, dict[str, Any]]:
        trade = self.trades.get(number)
        if trade is None or query["sp_mchid"] != MERCHANT or query["sub_mchid"] != trade["sub"]:
            return 404, {"code": "ORDER_NOT_EXIST", "message": "订单不存在"}
        return 200, self.resource(number)

    def _refund(self, wish: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        number = wish["transaction_id"].removeprefix("42000")
        self.trades[number]["refunds"][wish["out_refund_no"]] = wish["amount"]["refund"]
        return 200, {"refund_id": "50000000382019052709732678859"}

    def _refund_asked(self, refund: str) -> tuple[int, dict[str, Any]]:
        for number, trade in self.trades.items():
            if refund in trade["refunds"]:
                return 200, self.refund_resource(number, refund) | {"status": "SUCCESS"}
        return 404, {"code": "RESOURCE_NOT_EXISTS"}

    def resource(self, number: str, **lies: Any) -> dict[str, Any]:
        """What a callback about a payment holds."""
        trade = self.trades.get(number) or {"state": "SUCCESS", "amount": 12_800, "sub": ""}
        return {
            "sp_appid": APP,
            "sp_mchid": lies.get("merchant", MERCHANT),
            "sub_mchid": trade["sub"],
            "out_trade_no": number,
            "transaction_id": f"42000{number}",
            "trade_state": trade["state"],
            "amount": {
                "total": lies.get("amount", trade["amount"]),
                "currency": lies.get("currency", trade.get("currency", "CNY")),
            },
        }

    def refund_resource(self, number: str, refund: str) -> dict[str, Any]:
        """What a callback about a refund holds."""
        return {
            "sp_mchid": MERCHANT,
            "out_trade_no": number,
            "transaction_id": f"42000{number}",
            "out_refund_no": refund,
            "refund_status": "SUCCESS",
            "amount": {"refund": self.trades[number]["refunds"][refund]},
        }

    def sealed(self, event: str, kind: str, resource: dict[str, Any], stamp: str = "") -> Message:
        """A signed callback with its sealed resource."""
        nonce, about = secrets.token_hex(6), "transaction"
        text = json.dumps(resource).encode()
        box = AESGCM(API_KEY.encode()).encrypt(nonce.encode(), text, about.encode())
        body = json.dumps(
            {
                "id": event,
                "create_time": clock.now().isoformat(),
                "event_type": kind,
                "resource_type": "encrypt-resource",
                "resource": {
                    "algorithm": "AEAD_AES_256_GCM",
                    "ciphertext": base64.b64encode(box).decode(),
                    "nonce": nonce,
                    "associated_data": about,
                },
            }
        ).encode()
        return self.signed(body, stamp), body

    def pay(self, reference: str) -> None:
        """The buyer pays; a callback waits."""
        self.trades[reference]["state"] = "SUCCESS"
        self.news.append(self.message(reference))

    def message(self, reference: str, event: str = "", **lies: Any) -> Message:
        """A callback about a payment; `lies`: amount (minor), currency, merchant, stamp."""
        resource = self.resource(reference, **lies) | {"trade_state": "SUCCESS"}
        kind = lies.get("status", "TRANSACTION.SUCCESS")
        return self.sealed(event or f"e-{reference}", kind, resource, lies.get("stamp", ""))
