"""Alipay's gateway and its notifications, after opendocs.alipay.com."""

import base64
import json
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from haishi.foundation import clock
from haishi.trade.tests.fakes.server import Answer, Fake, Message, pair

APP, SELLER = "2021000000000001", "2088000000000001"


def _text(fields: dict[str, str], *out: str) -> bytes:
    return "&".join(f"{k}={v}" for k, v in sorted(fields.items()) if v and k not in out).encode()


class FakeAlipay(Fake):
    """Trades by our number: {"state", "total" (yuan as text), "refunds": {number: yuan}}."""

    def __init__(self) -> None:
        self.trades: dict[str, dict[str, Any]] = {}
        self.settled: dict[str, dict[str, Any]] = {}
        self.refuses_settling = ""
        self.bound: dict[str, dict[str, Any]] = {}
        self._key = serialization.load_pem_private_key(pair("alipay")[0].encode(), None)
        self._app = serialization.load_pem_public_key(pair("alipay-app")[1].encode())
        super().__init__()

    def _fields(self, path: str, body: bytes) -> dict[str, str]:
        query = urlsplit(path).query if not body else body.decode()
        return dict(parse_qsl(query, keep_blank_values=True))

    def genuine(self, method, path, headers, body) -> bool:
        fields = self._fields(path, body)
        try:
            signature = base64.b64decode(fields.get("sign", ""))
            self._app.verify(signature, _text(fields, "sign"), padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return fields["app_id"] == APP and fields["sign_type"] == "RSA2"

    def answer(self, method, path, headers, body) -> Answer:
        fields = self._fields(path, body)
        wish = json.loads(fields["biz_content"])
        name = fields["method"]
        if name.endswith(("page.pay", "wap.pay")):
            trade = {"state": "WAIT_BUYER_PAY", "total": wish["total_amount"], "refunds": {}}
            self.trades.setdefault(wish["out_trade_no"], trade | {"payee": wish["sub_merchant"]})
            return 200, {}, b"cashier"
        told = getattr(self, "_" + name.removeprefix("alipay.trade.").replace(".", "_"))(wish)
        node = json.dumps(told, ensure_ascii=False)
        key = name.replace(".", "_") + "_response"
        text = f'{{"{key}":{node},"sign":"{self._sign(node.encode())}"}}'
        return 200, {"Content-Type": "application/json;charset=utf-8"}, text.encode()

    def _sign(self, text: bytes) -> str:
        return base64.b64encode(self._key.sign(text, padding.PKCS1v15(), hashes.SHA256())).decode()

    def _query(self, wish: dict[str, Any]) -> dict[str, Any]:
        trade = self.trades.get(wish["out_trade_no"])
        if trade is None:
            return {"code": "40004", "msg": "Business Failed", "sub_code": "ACQ.TRADE_NOT_EXIST"}
        return {
            "code": "10000",
            "msg": "Success",
            "out_trade_no": wish["out_trade_no"],
            "trade_no": self.transaction(wish["out_trade_no"]),
            "trade_status": trade["state"],
            "total_amount": trade["total"],
        }

    def _refund(self, wish: dict[str, Any]) -> dict[str, Any]:
        trade = self.trades[wish["out_trade_no"]]
        fresh = wish["out_request_no"] not in trade["refunds"]
        trade["refunds"].setdefault(wish["out_request_no"], wish["refund_amount"])
        return {"code": "10000", "msg": "Success", "fund_change": "Y" if fresh else "N"}

    def _fastpay_refund_query(self, wish: dict[str, Any]) -> dict[str, Any]:
        trade = self.trades[wish["out_trade_no"]]
        amount = trade["refunds"].get(wish["out_request_no"])
        if amount is None:
            return {"code": "10000", "msg": "Success"}
        return {
            "code": "10000",
            "msg": "Success",
            "refund_status": "REFUND_SUCCESS",
            "refund_amount": amount,
            "trade_no": self.transaction(wish["out_trade_no"]),
        }

    def _order_settle(self, wish: dict[str, Any]) -> dict[str, Any]:
        parts = wish.get("royalty_parameters", [])
        if not all(part["trans_in"] in self.bound for part in parts):
            return {"code": "40004", "sub_msg": "分账关系未绑定"}
        if self.refuses_settling:
            return {
                "code": "40004",
                "msg": "Business Failed",
                "sub_msg": self.refuses_settling,
            }
        self.settled.setdefault(wish["out_request_no"], wish)
        return {"code": "10000", "msg": "Success", "trade_no": wish["trade_no"]}

    _settle_confirm = _order_settle

    def _royalty_relation_bind(self, wish: dict[str, Any]) -> dict[str, Any]:
        for receiver in wish["receiver_list"]:
            if receiver["type"] == "loginName" and not receiver.get("name"):
                return {"code": "40004", "sub_msg": "缺少真实姓名"}
            self.bound[receiver["account"]] = {**receiver, "number": wish["out_request_no"]}
        return {"code": "10000", "msg": "Success", "result_code": "SUCCESS"}

    def _order_onsettle_query(self, wish: dict[str, Any]) -> dict[str, Any]:
        return {"code": "10000", "msg": "Success", "unsettled_amount": "12.34"}

    def transaction(self, reference: str) -> str:
        """Its own number of a trade."""
        return "20261127220014" + reference

    def opened(self, pay_url: str) -> None:
        """The buyer's browser brings the signed wish along."""
        assert httpx.get(pay_url).text == "cashier"

    def pay(self, reference: str) -> None:
        """The buyer pays; a notification waits."""
        self.trades[reference]["state"] = "TRADE_SUCCESS"
        self.news.append(self.message(reference))

    def message(self, reference: str, event: str = "", **lies: Any) -> Message:
        """A signed notification; `lies`: amount (minor), currency, merchant, stamp."""
        trade = self.trades.get(reference) or {"total": "128.00"}
        total = f"{lies['amount'] / 100:.2f}" if "amount" in lies else trade["total"]
        sent = clock.local(clock.now(), "Asia/Shanghai")
        fields = {
            "notify_time": lies.get("stamp", sent.strftime("%Y-%m-%d %H:%M:%S")),
            "notify_type": "trade_status_sync",
            "notify_id": event or f"n-{reference}",
            "app_id": APP,
            "charset": "utf-8",
            "version": "1.0",
            "sign_type": "RSA2",
            "trade_no": self.transaction(reference),
            "out_trade_no": reference,
            "seller_id": lies.get("merchant", SELLER),
            "trade_status": lies.get("status", "TRADE_SUCCESS"),
            "total_amount": total,
            "trans_currency": lies.get("currency", ""),
            "subject": "海市 订单",
            **lies.get("extra", {}),
        }
        fields["sign"] = self._sign(_text(fields, "sign", "sign_type"))
        return {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(fields).encode()
