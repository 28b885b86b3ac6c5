"""The paper of a contract and of an acceptance, from what was agreed."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

from haishi.contracts import contents
from haishi.contracts.models import Contract, Delivery, Milestone, Party
from haishi.contracts.states import Language
from haishi.contracts.types import ClauseDraft
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.clock import local
from haishi.foundation.money import Money
from haishi.foundation.papers import (
    Block,
    Clause,
    Clauses,
    Facts,
    Heading,
    Paper,
    Paragraph,
    Signatures,
    Slot,
    Table,
)
from haishi.foundation.papers.registry import AGREED

KIND = Bilingual("合同", "Contract")
ACCEPTANCE = Bilingual("验收单", "Acceptance certificate")
ZONE = "Asia/Shanghai"


def contract_paper(contract: Contract, content: dict[str, Any], parties: list[Party]) -> Paper:
    """Parties, articles, what is delivered, milestones with their split, frames to sign in."""
    names = {row.organisation_id: _name(row.organisation) for row in parties}
    blocks: list[Block] = [
        Facts(tuple((row.part, _described(row.organisation)) for row in parties)),
        Paragraph(_OPENING),
        Heading(Bilingual("正文", "Terms")),
        Clauses((*map(_clause, contents.clauses(content)), AGREED)),
        *_lines(contract, content),
        *_money(contract, content, names),
        Heading(Bilingual("签署", "Signatures")),
        Signatures(
            tuple(Slot(row.field, _beside(row.part, names[row.organisation_id])) for row in parties)
        ),
    ]
    return in_language(Paper(contract.number, contents.title(content), tuple(blocks)), contract)


def _money(contract: Contract, content: dict[str, Any], names: dict[int, Bilingual]) -> list[Block]:
    if not contents.milestones(content):
        return []
    return [
        Heading(Bilingual("价款与付款节点", "Price and milestones")),
        Facts(tuple(_price(contract))),
        _milestones(contract, content, names),
        Paragraph(_MONEY, small=True),
    ]


_OPENING = Bilingual(
    "各方本着平等自愿、诚实信用的原则，经协商一致，订立本合同，共同遵守。",
    "On an equal and voluntary footing and in good faith, the parties conclude this contract.",
)
_MONEY = Bilingual(
    "每个节点单独付款。款项付出后由持牌支付机构或存管银行托管，验收后按上表比例分给各方；"
    "逾期未答复视为验收合格。比例按扣除平台服务费后的金额计算，精确到最小货币单位，"
    "除不尽时逐个归余数最大的一方，余数相同先归该节点的交付方，再按上表顺序。",
    "Each milestone is paid by itself. The money is held by a licensed payment institution or a "
    "custody bank and shared as shown after acceptance; silence past the time counts as "
    "acceptance. Shares are parts of what the platform fee leaves, exact to the minor unit; units "
    "that cannot be divided go to the largest remainders, on a tie to the supplier of the "
    "milestone first, then in the order of the table.",
)


def _name(organisation: Any) -> Bilingual:
    return Bilingual(organisation.name, organisation.name_en)


def _described(organisation: Any) -> Bilingual:
    code = getattr(organisation, "credit_code", "")
    return Bilingual(
        f"{organisation.name}（统一社会信用代码 {code}）" if code else organisation.name,
        organisation.name_en,
    )


def _beside(first: Bilingual, second: Bilingual) -> Bilingual:
    english = f"{first.en or first.zh}: {second.en or second.zh}"
    return Bilingual(f"{first.zh}：{second.zh}", english)


def _clause(clause: ClauseDraft) -> Clause:
    return Clause(clause.title, clause.text)


def _lines(contract: Contract, content: dict[str, Any]) -> list[Block]:
    rows = contents.lines(content)
    if not rows:
        return []
    head = (
        Bilingual("交付内容", "Item"),
        Bilingual("数量", "Quantity"),
        Bilingual("单价", "Unit price"),
        Bilingual("小计", "Amount"),
    )
    table = tuple(
        (
            line.name,
            f"{line.quantity} {line.unit}".strip(),
            str(Money(line.price_minor, contract.currency)),
            str(Money(line.price_minor * line.quantity, contract.currency)),
        )
        for line in rows
    )
    return [
        Heading(Bilingual("交付清单", "Deliverables")),
        Table(head, table, shares=(6, 2, 3, 3), numbers=(1, 2, 3)),
    ]


def _price(contract: Contract) -> list[tuple[Bilingual, Bilingual | str]]:
    rows: list[tuple[Bilingual, Bilingual | str]] = [
        (Bilingual("合同总价", "Total"), f"{contract.total} ({contract.currency})"),
        (Bilingual("平台服务费", "Platform fee"), f"{contract.fee_points / 100:g}%"),
    ]
    if contract.rate is not None and contract.rate_at is not None:
        at = local(contract.rate_at, ZONE).strftime("%Y-%m-%d %H:%M")
        rate = f"1 {contract.currency} = {contract.rate.normalize():f} {contract.shown_currency}"
        shown = Bilingual(
            f"约合 {contract.shown_total}。汇率 {rate}（{contract.rate_source}，{at}），"
            f"自签署起固定，仅供参考；款项以 {contract.currency} 结算。",
            f"About {contract.shown_total}. Rate {rate} ({contract.rate_source}, {at} UTC+8), "
            f"frozen and for orientation only; payments are made in {contract.currency}.",
        )
        rows.append((Bilingual("参考金额", "For orientation"), shown))
    return rows


def _milestones(contract: Contract, content: dict[str, Any], names: dict[int, Bilingual]) -> Table:
    head = (
        Bilingual("节点", "Milestone"),
        Bilingual("交付期限", "Due"),
        Bilingual("金额", "Amount"),
        Bilingual("分账", "Split"),
    )
    rows = []
    for number, each in enumerate(contents.milestones(content), 1):
        parts = [(share.organisation_id, share.points) for share in each.shares]
        parts = parts or [(each.supplier_id, contents.WHOLE)]
        split = Bilingual(
            "\n".join(f"{names[pk].zh} {points / 100:g}%" for pk, points in parts),
            "\n".join(f"{names[pk].en or names[pk].zh} {points / 100:g}%" for pk, points in parts),
        )
        supplier = names[each.supplier_id]
        name = Bilingual(
            f"{number}. {each.name.zh}\n交付方：{supplier.zh}",
            f"{each.name.en}\nSupplier: {supplier.en or supplier.zh}" if each.name.en else "",
        )
        amount = str(Money(each.amount_minor, contract.currency))
        rows.append((name, each.due.isoformat(), amount, split))
    return Table(head, tuple(rows), shares=(5, 2, 3, 5), numbers=(2,))


def acceptance_paper(milestone: Milestone, delivery: Delivery, payer: Party | None) -> Paper:
    """What was handed over and that it is accepted; without `payer` silence accepted it."""
    contract = milestone.contract
    at = local(delivery.at, ZONE).strftime("%Y-%m-%d %H:%M")
    facts: list[tuple[Bilingual, Bilingual | str]] = [
        (Bilingual("合同", "Contract"), f"{contract.number}　{contract.title}"),
        (Bilingual("节点", "Milestone"), Bilingual(milestone.name, milestone.name_en)),
        (Bilingual("金额", "Amount"), str(milestone.amount)),
        (Bilingual("交付方", "Supplier"), _name(milestone.supplier)),
        (Bilingual("交付", "Delivery"), f"{delivery.round} · {at} (UTC+8)"),
        (Bilingual("交付说明", "Delivery note"), delivery.note),
    ]
    said = _ACCEPTED if payer else _SILENT
    blocks: list[Block] = [Facts(tuple(facts)), Paragraph(said)]
    if payer:
        blocks += [
            Clauses((AGREED,)),
            Signatures((Slot(payer.field, _beside(payer.part, _name(payer.organisation))),)),
        ]
    number = f"{contract.number}-{milestone.position}-{delivery.round}"
    return in_language(Paper(number, ACCEPTANCE, tuple(blocks)), contract)


def in_language(paper: Paper, contract: Contract) -> Paper:
    """The paper in the language that the parties chose; both unless they did."""
    wanted = contract.language
    return paper if wanted == Language.BOTH else _only(paper, wanted)


def _only(value: Any, language: str) -> Any:
    """A part of a paper with its words in one language; what has no English stays as it is."""
    if isinstance(value, Bilingual):
        english = language == Language.ENGLISH
        return Bilingual("", value.en or value.zh) if english else Bilingual(value.zh)
    if isinstance(value, tuple):
        return tuple(_only(each, language) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        parts = {each.name: _only(getattr(value, each.name), language) for each in fields(value)}
        return replace(value, **parts)
    return value


_ACCEPTED = Bilingual(
    "付款方确认上述交付符合合同约定，予以验收；托管款项按合同约定的比例分给各方。",
    "The payer confirms that this delivery meets the contract and accepts it. The money held is "
    "shared as the contract says.",
)
_SILENT = Bilingual(
    "付款方在约定期限内没有答复，依合同约定视为验收合格；托管款项按合同约定的比例分给各方。",
    "The payer did not answer within the agreed time; under the contract this counts as "
    "acceptance. The money held is shared as the contract says.",
)
