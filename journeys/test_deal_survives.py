"""Deals while web, worker and postgres are killed at every step: nothing is lost, nothing twice.

Buyers order over the API with an idempotency key, pay at the sandbox's cashier, receive and ask for
refunds; the seller ships and agrees. Whatever a killed process swallows is simply asked again.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from journeys.house import ROOT, Installation, wait_for

pytestmark = pytest.mark.journey
VICTIMS = ("web", "worker", "postgres")
BROKEN = (httpx.HTTPError, psycopg.Error, OSError)
SECONDS = 40


@dataclass
class Deal:
    """One order on its way; `kind` is goods (ends refunded) or work (ends settled)."""

    house: Installation
    kind: str
    key: str
    buyer: httpx.Client
    seller: httpx.Client
    order: dict[str, Any]
    number: str = ""
    cashier: str = ""

    def api(self, who: httpx.Client, path: str, body: Any, what: str) -> httpx.Response:
        """A POST that may be repeated without another effect."""
        headers = {"Idempotency-Key": f"{self.key}-{what}"}
        return who.post(f"/api/v1/trade/orders{path}", json=body, headers=headers)

    def ask(self, query: str) -> Any:
        """The one value of a query about this order."""
        with self.house.connect() as connection:
            row = connection.execute(query, (self.number,)).fetchone()
        return row and row[0]

    @property
    def state(self) -> str:
        return self.ask("SELECT state FROM trade_order WHERE number = %s")

    def place(self) -> bool:
        answer = self.api(self.buyer, "", self.order, "place")
        if answer.status_code == 201:
            self.number = answer.json()["number"]
        return bool(self.number)

    def start(self) -> bool:
        answer = self.buyer.post(f"/orders/{self.number}/pay/", data={"provider": "sandbox"})
        if "/pay/sandbox/" in (place := answer.headers.get("location", "")):
            self.cashier = place
        return bool(self.cashier)

    def cash(self) -> bool:
        if self.ask("""SELECT c.state FROM trade_sandboxcharge c JOIN trade_payment p
                USING (reference) JOIN trade_order o ON o.id = p.order_id
                WHERE o.number = %s""") != "paid":
            self.buyer.post(self.cashier, data={"answer": "pay"})
        return self.state == "paid"

    def ship(self) -> bool:
        self.api(self.seller, f"/{self.number}/ship", {"carrier": "顺丰"}, "ship")
        return self.state == "shipped"

    def receive(self) -> bool:
        self.api(self.buyer, f"/{self.number}/receive", {}, "receive")
        return self.state in ("received", "completed")

    def end(self) -> bool:
        """A work is settled by itself; of goods all the money is asked back and arrives."""
        if self.kind == "work":
            return self.state == "completed"
        body = {"amount_minor": self.order["lines"][0]["price_minor"], "reason": "不合适"}
        self.api(self.buyer, f"/{self.number}/refunds", body, "refund")
        refund = """SELECT r.{} FROM trade_refund r JOIN trade_payment p ON p.id = r.payment_id
                JOIN trade_order o ON o.id = p.order_id WHERE o.number = %s"""
        if pk := self.ask(refund.format("id")):
            self.seller.post(f"/orders/{self.number}/refunds/{pk}/agree/", data={"answer": ""})
        return self.state == "refunded" and self.ask(refund.format("state")) == "done"


STEPS: tuple[Callable[[Deal], bool], ...] = (
    Deal.place, Deal.start, Deal.cash, Deal.ship, Deal.receive, Deal.end,
)


def client(house: Installation, session: str) -> httpx.Client:
    """A signed-in browser that does not follow where it is sent."""
    token = "a" * 32
    return httpx.Client(
        base_url=f"http://127.0.0.1:{house.port}",
        cookies={"sessionid": session, "csrftoken": token},
        headers={"X-CSRFToken": token},
        timeout=5,
    )


def persist(step: Callable[[Deal], bool], deal: Deal, failed: list[str]) -> None:
    """Try until it is done, whatever breaks meanwhile."""
    deadline, pause = time.monotonic() + SECONDS, threading.Event()
    while time.monotonic() < deadline:
        with contextlib.suppress(*BROKEN):
            if step(deal):
                return
        pause.wait(0.1)
    failed.append(f"{step.__name__} of {deal.key}")


def kill_all(house: Installation) -> None:
    """SIGKILL web, worker and postgres one after the other, then wait until all are back."""
    before = house.children()
    for name in VICTIMS:
        os.kill(before[name]["pid"], signal.SIGKILL)
        threading.Event().wait(0.15)

    def back() -> bool:
        now = house.children()
        return all(
            now[name]["restarts"] > before[name]["restarts"] and now[name]["state"] == "ready"
            for name in VICTIMS
        )

    wait_for(back, SECONDS)


def test_a_deal_survives_the_loss_of_every_process_at_every_step(tmp_path: Path) -> None:
    house = Installation(
        tmp_path / "home", [sys.executable, "-m", "haishi"], {"HAISHI_WEB_WORKERS": "1"}
    )
    with house.open(), contextlib.ExitStack() as browsers:
        deals = _deals(house, browsers)
        for step in STEPS:
            failed: list[str] = []
            threads = [
                threading.Thread(target=persist, args=(step, deal, failed)) for deal in deals
            ]
            for thread in threads:
                thread.start()
            kill_all(house)
            for thread in threads:
                thread.join()
            assert failed == []
        wait_for(house.answers)
        _books_are_right(house, deals)
        audit = house.call("audit", "deal", "--json", *(deal.number for deal in deals))
        assert audit.returncode == 0, audit.stdout + audit.stderr
        answers = [json.loads(line) for line in audit.stdout.splitlines() if line[:1] == "{"]
        assert [answer["number"] for answer in answers] == [deal.number for deal in deals]
        assert all(answer["ok"] for answer in answers)


def _deals(house: Installation, browsers: contextlib.ExitStack) -> list[Deal]:
    """Three of each kind, by two buyers."""
    address = (house.root / "run" / "database_url").read_text()
    cast = subprocess.run(
        [sys.executable, "-m", "journeys.deals_cast"],
        env={**house.environment, "DATABASE_URL": address},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert cast.returncode == 0, cast.stderr
    made = json.loads(cast.stdout.splitlines()[-1])
    seller = browsers.enter_context(client(house, made["seller"]))
    buyers = [
        (browsers.enter_context(client(house, session)), home) for session, home in made["buyers"]
    ]
    deals = []
    for number in range(6):
        kind = ("goods", "work")[number % 2]
        (product, price), (buyer, home) = made[kind], buyers[number % 3 % 2]
        line = {"product": product, "quantity": 1, "price_minor": price}
        order = {"lines": [line], "address": home if kind == "goods" else None}
        deals.append(Deal(house, kind, f"deal-{number}", buyer, seller, order))
    return deals


def _books_are_right(house: Installation, deals: list[Deal]) -> None:
    """Each order once, paid once; no hold left over; every currency sums to zero."""
    with house.connect() as connection:

        def rows(query: str) -> list[Any]:
            return connection.execute(query).fetchall()

        assert rows("SELECT state, count(*) FROM trade_order GROUP BY 1 ORDER BY 1") == [
            ("completed", 3),
            ("refunded", 3),
        ]
        assert rows("SELECT state, count(*) FROM trade_payment GROUP BY 1") == [("succeeded", 6)]
        assert rows("SELECT state, count(*) FROM trade_refund GROUP BY 1") == [("done", 3)]
        assert rows("SELECT count(*) FROM foundation_hold WHERE state = 'held'") == [(0,)]
        assert rows("SELECT sum(amount) FROM trade_posting") == [(0,)]
        assert rows(
            "SELECT a.code, a.balance FROM trade_account a"
            " WHERE a.code LIKE 'escrow:%' AND a.balance <> 0"
        ) == []
        # What the provider has is what the ledger says it has: 3 × 33.33 settled, goods refunded.
        assert rows("SELECT sum(amount - refunded) FROM trade_sandboxcharge") == [(3 * 3_333,)]
        settled = """SELECT sum(p.amount) FROM trade_posting p JOIN trade_entry e
                ON e.id = p.entry_id WHERE e.kind = 'release' AND p.amount < 0"""
        assert rows(settled) == [(-3 * 3_333,)]
        wait_for(
            lambda: rows("SELECT count(*) FROM foundation_outbox WHERE NOT parked") == [(0,)], 60
        )
        assert rows("SELECT count(*) FROM foundation_outbox") == [(0,)]
