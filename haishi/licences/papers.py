"""The words of contracts, and royalty statements on paper, in both languages."""

from typing import Any

from django.utils.translation import override

from haishi.foundation.bilingual import Bilingual
from haishi.foundation.money import Money
from haishi.foundation.papers import Facts, Paper, Paragraph, Table
from haishi.licences import wording
from haishi.licences.models import Licence, Statement
from haishi.licences.states import Channel

STATEMENT = Bilingual("版税结算单", "Royalty statement")
# Articles of the contract: title, which terms it tells, what always holds.
APPROVAL = Bilingual("监修", "Approval")
ARTICLES: tuple[tuple[Bilingual, tuple[str, ...], Bilingual], ...] = (
    (
        Bilingual("授权范围", "Scope"),
        ("work", "rights", "exclusivity", "territories", "media", "languages", "sublicensing"),
        Bilingual(
            "授权方按本合同条款许可被授权方使用作品；未列明的权利由授权方保留。",
            "The licensor licenses the work on the terms of this contract. Rights that are not "
            "named stay with the licensor.",
        ),
    ),
    (
        Bilingual("授权期与清货期", "Term and sell-off"),
        ("starts_on", "months", "ends_on", "sell_off_months"),
        Bilingual(
            "授权期满后只可在清货期内售完已制成的商品，并照常报告与结算。",
            "After the term, goods already made may be sold within the sell-off period, reported "
            "and settled as before.",
        ),
    ),
    (
        Bilingual("保底金与版税", "Guarantee and royalties"),
        ("guarantee_minor", "rates", "base", "period", "audit"),
        Bilingual(
            "保底金在合同生效后支付，付款后授权生效。被授权方按期报告销售；应付版税为本期版税"
            "减去尚未抵扣的保底金，余额留到下期。结算单出具后不修改，有误由下一份更正。",
            "The guarantee is paid once this contract is signed, and the licence begins with it. "
            "The licensee reports sales each period. What is due is the royalty of the period less "
            "the guarantee not yet recouped; the rest is carried on. A statement is never edited: "
            "the next one corrects it.",
        ),
    ),
    (
        APPROVAL,
        ("stages", "review_days"),
        Bilingual(
            "约定的阶段须经授权方书面通过；逾期未答复不视为通过。",
            "The stages agreed need the licensor's approval. Silence is not an approval.",
        ),
    ),
    (
        Bilingual("授权文件", "Files"),
        ("seats",),
        Bilingual(
            "授权文件只对占席位的人开放，每次下载留有记录与追溯码。",
            "Files are for the people with a seat; each download is recorded and marked.",
        ),
    ),
    (
        Bilingual("中止与撤销", "Suspension and revocation"),
        (),
        Bilingual(
            "版税逾期未付，授权中止至付清为止；违反授权范围，授权方可以撤销。",
            "Unpaid royalties suspend the licence until they are paid. A breach of its scope lets "
            "the licensor revoke it.",
        ),
    ),
)
SHARES = Bilingual("权利人分成", "Shares")
SHARED = Bilingual(
    "保底金与版税按上列比例分给各权利人，精确到最小货币单位。",
    "Guarantee and royalties are shared as above, exact to the minor unit.",
)
DIGEST = Bilingual("条款指纹（SHA-256）", "Digest of the terms (SHA-256)")


def both(rows: Any) -> tuple[tuple[Bilingual, Bilingual], ...]:
    """`rows()` in both languages, side by side."""
    with override("zh-hans"):
        zh = [(str(label), str(value)) for label, value in rows()]
    with override("en"):
        en = [(str(label), str(value)) for label, value in rows()]
    return tuple(
        (Bilingual(a, c), Bilingual(b, d) if b != d else Bilingual(b))
        for (a, b), (c, d) in zip(zh, en, strict=True)
    )


def name_of(firm: Any) -> Bilingual:
    """A firm in both languages."""
    return Bilingual(firm.name, firm.name_en)


def statement(row: Statement, licence: Licence) -> Paper:
    """What a report came to."""
    report = row.report
    money = [Money(row.earned_minor, row.currency), row.before, row.due, row.after]
    labels = (
        Bilingual("本期版税", "Royalty of the period"),
        Bilingual("期初待抵扣", "To be recouped before"),
        Bilingual("本期应付", "Due now"),
        Bilingual("期末待抵扣", "To be recouped after"),
    )
    sides = (
        (Bilingual("授权方", "Licensor"), name_of(licence.licensor)),
        (Bilingual("被授权方", "Licensee"), name_of(licence.licensee)),
        (Bilingual("作品", "Work"), Bilingual(licence.product.name, licence.product.name_en)),
        (Bilingual("报告期（止日不含）", "Period"), f"{report.starts_on} – {report.ends_on}"),
        (Bilingual("报告版次", "Revision of the report"), str(report.revision)),
    )
    return Paper(
        number=f"{licence.number}-{row.number}",
        title=STATEMENT,
        blocks=(
            Facts(sides),
            _table(row),
            Facts(tuple(zip(labels, map(str, money), strict=True))),
            Paragraph(
                Bilingual(
                    "应付 = 本期版税 − 期初待抵扣，不足部分留到下期。更正报告的版税为差额。",
                    "Due = royalty − what was to be recouped; the rest is carried on. The royalty "
                    "of a correction is the difference.",
                ),
                small=True,
            ),
        ),
    )


def _table(row: Statement) -> Table:
    names = both(lambda: [(Channel(channel).label, "") for channel, *_rest in row.lines])
    lines = tuple(
        (
            name,
            str(units),
            str(Money(base, row.currency)),
            wording.percent(points),
            str(Money(royalty, row.currency)),
        )
        for (name, _empty), (_channel, units, base, points, royalty) in zip(
            names, row.lines, strict=True
        )
    )
    nothing = ((Bilingual("没有销售", "No sales"), "0", "0", "", "0"),)
    return Table(
        head=(
            Bilingual("渠道", "Channel"),
            Bilingual("数量", "Units"),
            Bilingual("基数", "Base"),
            Bilingual("版税率", "Rate"),
            Bilingual("版税", "Royalty"),
        ),
        rows=lines or nothing,
        shares=(3, 2, 3, 2, 3),
        numbers=(1, 2, 3, 4),
    )
