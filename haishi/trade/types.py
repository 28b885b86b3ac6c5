"""Values that cross the border of trade."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from haishi.foundation.money import Money


@dataclass(frozen=True)
class AccountName:
    """An account by what it is for; it is opened when first posted to.

    `side`: 1 grows by debits, -1 by credits. `floor` in minor units: the kept balance never falls
    below it; None keeps no balance.
    """

    code: str
    currency: str
    side: int
    floor: int | None = None


@dataclass(frozen=True)
class Line:
    """One posting: positive `amount` debits the account, negative credits it (minor units)."""

    account: AccountName
    amount: int


@dataclass(frozen=True)
class Posted:
    """What `post` answers. `repeated`: the key had been posted before, nothing changed."""

    entry_id: int
    repeated: bool


@dataclass(frozen=True)
class TrialBalance:
    """Sums over the whole ledger. `difference`: {currency: debits − credits}, all zero when well.

    `wrong_accounts`: codes whose kept balance is not the sum of their postings.
    """

    entries: int
    postings: int
    difference: dict[str, int]
    wrong_accounts: tuple[str, ...]

    @property
    def balanced(self) -> bool:
        """Whether everything sums to zero and every kept balance is right."""
        return not any(self.difference.values()) and not self.wrong_accounts


@dataclass(frozen=True)
class StatementLine:
    """A posting of one account with its entry."""

    entry_id: int
    kind: str
    subject: str
    memo: str
    amount: Money


@dataclass(frozen=True)
class Wanted:
    """A line of an order before it is placed, with the price that the buyer saw (minor units)."""

    product_id: int
    quantity: int
    price_minor: int
    currency: str = "CNY"


@dataclass(frozen=True)
class Seen:
    """A line of a cart as a page showed it (minor units for one)."""

    line_id: int
    quantity: int
    price_minor: int
    currency: str = "CNY"


@dataclass(frozen=True)
class Agreed:
    """A line whose price was agreed outside the shop (minor units of the order's currency).

    `hold_id`: a unit that the caller keeps in `foundation.scarcity`; from now on it is the order's,
    which makes it final when paid and gives it back when it ends.
    """

    name: str
    price_minor: int
    quantity: int = 1
    name_en: str = ""
    unit: str = ""
    product_id: int | None = None
    hold_id: int | None = None


@dataclass(frozen=True)
class Share:
    """A firm's part of what an order releases, in basis points."""

    organisation_id: int
    points: int


@dataclass(frozen=True)
class RailAnswer:
    """What one way to pay says to a plan; `reasons` in the reader's language, none when `ok`."""

    provider: str
    title: str
    ok: bool
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bill:
    """An order as it was agreed elsewhere. `kind` is one of `catalogue.states.ProductKind`.

    `shares` sum to 10,000 points; none: all is the seller's. `fee_points`: the platform's part in
    basis points, None: the usual one. `origin` names what it was agreed in (`claim:17`) and comes
    back with every event of the order; `ship_to` holds the fields of an address. `approval_id`:
    what the buying firm approved before (an award); all orders under it stay within its amount.
    """

    buyer_id: int
    seller_id: int
    kind: str
    currency: str
    lines: tuple[Agreed, ...]
    pay_by: dt.datetime
    origin: str
    buyer_firm_id: int | None = None
    shares: tuple[Share, ...] = ()
    fee_points: int | None = None
    ship_to: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    approval_id: int | None = None


@dataclass(frozen=True)
class Why:
    """Why somebody may not spend alone; as words in the language of who reads.

    `code` is member, left, currency, single or month. `limit` and `spent` are minor units of
    `currency`. `alone`: nobody else may either.
    """

    code: str = ""
    currency: str = "CNY"
    limit: int = 0
    spent: int = 0
    alone: bool = False

    def __str__(self) -> str:
        if not self.code:
            return ""
        limit, spent = Money(self.limit, self.currency), Money(self.spent, self.currency)
        words = {
            "member": _("你不是这个单位的成员"),
            "left": _("下单人已不在单位"),
            "currency": _("没有为 %(currency)s 设定额度") % {"currency": self.currency},
            "single": _("超过单笔上限 %(limit)s") % {"limit": limit},
            "month": _("本月已用 %(spent)s，加上这笔超过每月上限 %(limit)s")
            % {"spent": spent, "limit": limit},
        }[self.code]
        return (
            _("%(reason)s，也没有人有足够的额度审批") % {"reason": words} if self.alone else words
        )


@dataclass(frozen=True)
class Verdict:
    """Whether a person may spend an amount for a firm. `state`: allowed, approval or forbidden.

    `approvers`: ids of those who may approve it, when it needs one.
    """

    state: str
    why: Why = Why()
    approvers: tuple[int, ...] = ()

    @property
    def reason(self) -> str:
        """Why not, for the person; "" when allowed."""
        return str(self.why)

    @property
    def allowed(self) -> bool:
        """Nobody has to be asked."""
        return self.state == "allowed"

    @property
    def forbidden(self) -> bool:
        """Nobody could approve it."""
        return self.state == "forbidden"


@dataclass(frozen=True)
class Charge:
    """What a provider is asked to collect. `reference` is ours and makes asking idempotent.

    `payee`: the seller's account with the provider, "" when it needs none; `phone`: the buyer holds
    one; `address`: of the buyer's browser; `inside`: that browser is WeChat's own.
    """

    reference: str
    amount: Money
    subject: str
    return_url: str
    payee: str = ""
    phone: bool = False
    address: str = "127.0.0.1"
    inside: bool = False


@dataclass(frozen=True)
class Created:
    """A provider's answer to a charge: its own number and the page where the buyer pays."""

    transaction: str
    pay_url: str


@dataclass(frozen=True)
class Known:
    """A payment as we know it, for questions to its provider."""

    reference: str
    transaction: str
    amount: Money
    payee: str = ""


@dataclass(frozen=True)
class Transfer:
    """A part of a settled payment that goes to `account` (of `holder`).

    `number` is ours and makes the instruction idempotent. `rest`: it is what stays with the seller
    when all others have theirs; the provider ends the sharing with it.
    """

    number: str
    amount: Money
    account: str
    holder: str
    rest: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a transfer: done, still travelling (neither), or refused with a `reason`."""

    done: bool = False
    reason: str = ""


@dataclass(frozen=True)
class News:
    """What a provider told us, after its signature, age and merchant were checked.

    `kind` is one of `states.NoticeKind`; `refund_number` is ours, "" for news of a payment.
    `digest`: sha256 in hex of what was said, so that an event id cannot come to say another thing.
    """

    provider: str
    event_id: str
    kind: str
    reference: str
    transaction: str
    amount: Money
    refund_number: str
    digest: str


@dataclass(frozen=True)
class Place:
    """A firm's account with a provider, as pages show it; `masked` is "" when there is none."""

    provider: str
    title: str
    masked: str
    holder: str
    bank: str


@dataclass(frozen=True)
class Booked:
    """What our books say about one number. `done`: the money moved as far as we know."""

    amount: Money
    done: bool


@dataclass(frozen=True)
class Issued:
    """An invoice as it was issued outside: amount with tax in minor units, rate in basis points.

    `asset_id`: the PDF or OFD file, sealed, of the seller.
    """

    number: str
    issued_on: dt.date
    amount_minor: int
    asset_id: int
    rate_points: int = 0
