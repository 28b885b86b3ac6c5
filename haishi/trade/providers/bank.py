"""Bank transfer to the custody account: people carry the news, two of them each time.

The buyer writes our reference into the remark. Nothing is asked of a bank over the network: what
came in is imported from its statement, what goes out is a list of instructions (`BankTask`).
"""

import hashlib
from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext as _

from haishi.foundation.money import Money
from haishi.trade.errors import CallbackRefused, ProviderFailed
from haishi.trade.models import BankLine, BankTask
from haishi.trade.states import NoticeKind, TaskKind, TaskState
from haishi.trade.types import Charge, Created, Known, News, Outcome, Transfer

NAME = "bank"


class Bank:
    """Our side of the port; the other side are people at a bank."""

    name = NAME
    heard = ("text/plain", "")
    needs_payee = False
    knows_receivers = False

    @property
    def merchant(self) -> str:
        return str(settings.BANK_ACCOUNT)

    def create(self, charge: Charge) -> Created:
        """The page with the account and the remark to write."""
        if charge.amount.currency not in settings.BANK_CURRENCIES:
            raise ProviderFailed
        return Created("", f"/pay/bank/{charge.reference}/")

    def verify(self, headers: Mapping[str, str], body: bytes) -> News | None:
        """A bank sends no callbacks: nothing that claims to be one is believed."""
        raise CallbackRefused(reason=_("银行转账没有回调"))

    def query(self, known: Known) -> list[News]:
        """Nobody can be asked; the statement will tell."""
        return []

    def refund(self, known: Known, number: str, amount: Money) -> News | None:
        """An instruction to send the money back to the account it came from."""
        line = BankLine.objects.filter(payment__reference=known.reference).first()
        if line is None:
            raise ProviderFailed
        to = (line.payer, line.payer_account, "")
        task = _task(TaskKind.REFUND, number, amount, to)
        if task.state != TaskState.CONFIRMED:
            return None
        facts = f"{number}:{task.amount_minor}:{task.currency}"
        return News(
            provider=NAME,
            event_id=f"task.{task.pk}",
            kind=NoticeKind.REFUNDED.value,
            reference=known.reference,
            transaction=known.transaction,
            amount=task.amount,
            refund_number=number,
            digest=hashlib.sha256(facts.encode()).hexdigest(),
        )

    def admit(self, number: str, account: str, holder: str) -> Outcome:
        """Any account may get a part."""
        return Outcome(done=True)

    def transfer(self, known: Known, wish: Transfer) -> Outcome:
        """An instruction to pay a firm its part."""
        to = (wish.holder, wish.account, "")
        task = _task(TaskKind.PAYOUT, wish.number, wish.amount, to)
        return Outcome(done=task.state == TaskState.CONFIRMED)


def _task(kind: TaskKind, number: str, amount: Money, to: tuple[str, str, str]) -> BankTask:
    holder, account, bank = to
    task, _made = BankTask.objects.get_or_create(
        number=number,
        defaults={
            "kind": kind,
            "amount_minor": amount.minor,
            "currency": amount.currency,
            "holder": holder,
            "account": account,
            "bank": bank,
        },
    )
    return task
