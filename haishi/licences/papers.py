"""Agreements and royalty statements on paper, in both languages."""

from typing import Any

from django.utils.translation import override

from haishi.foundation.bilingual import Bilingual
from haishi.foundation.money import Money
from haishi.foundation.papers import Clause, Clauses, Facts, Heading, Paper, Paragraph, Table
from haishi.licences import wording
from haishi.licences.models import Licence, Statement
from haishi.licences.states import Channel

AGREEMENT = Bilingual("IP 授权协议", "Licence agreement")
STATEMENT = Bilingual("版税结算单", "Royalty statement")
CLAUSES = (
    Clause(
        Bilingual("授权范围", "Scope"),
        Bilingual(
            "授权方按下列条款许可被授权方使用作品；未列明的权利由授权方保留。",
            "The licensor licenses the work on the terms below. Rights that are not named stay "
            "with the licensor.",
        ),
    ),
    Clause(
        Bilingual("监修", "Approval"),
        Bilingual(
            "约定的阶段须经授权方书面通过；逾期未答复不视为通过。",
            "The stages agreed need the licensor's approval. Silence is not an approval.",
        ),
    ),
    Clause(
        Bilingual("版税", "Royalties"),
        Bilingual(
            "被授权方按期报告销售。应付版税为本期版税减去尚未抵扣的保底金，余额留到下期；"
            "结算单出具后不修改，有误由下一份更正。",
            "The licensee reports sales each period. What is due is the royalty of the period less "
            "the guarantee not yet recouped; the rest is carried on. A statement is never edited: "
            "the next one corrects it.",
        ),
    ),
    Clause(
        Bilingual("中止与撤销", "Suspension and revocation"),
        Bilingual(
            "版税逾期未付，授权中止至付清为止；违反授权范围，授权方可以撤销。",
            "Unpaid royalties suspend the licence until they are paid. A breach of its scope lets "
            "the licensor revoke it.",
        ),
    ),
)


def _both(rows: Any) -> tuple[tuple[Bilingual, Bilingual], ...]:
    """`rows()` in both languages, side by side."""
    with override("zh-hans"):
        zh = [(str(label), str(value)) for label, value in rows()]
    with override("en"):
        en = [(str(label), str(value)) for label, value in rows()]
    return tuple(
        (Bilingual(a, c), Bilingual(b, d) if b != d else Bilingual(b))
        for (a, b), (c, d) in zip(zh, en, strict=True)
    )


def _name(firm: Any) -> Bilingual:
    return Bilingual(firm.name, firm.name_en)


def agreement(licence: Licence, shares: list[tuple[Any, int]]) -> Paper:
    """What both sides accepted."""
    product = licence.product
    sides = (
        (Bilingual("授权方", "Licensor"), _name(licence.licensor)),
        (Bilingual("被授权方", "Licensee"), _name(licence.licensee)),
        (Bilingual("作品", "Work"), Bilingual(product.name, product.name_en)),
        (Bilingual("授权截止日（当日不含）", "Ends before"), str(licence.terms.ends_on)),
        (Bilingual("条款指纹", "Digest of the terms"), licence.paper_digest),
    )
    parts = tuple((_name(firm), wording.percent(points)) for firm, points in shares)
    split = (Heading(Bilingual("权利人分成", "Shares")), Facts(parts)) if parts else ()
    return Paper(
        number=licence.number,
        title=AGREEMENT,
        blocks=(
            Facts(sides),
            Heading(Bilingual("授权条款", "Terms")),
            Facts(_both(lambda: wording.facts(licence))),
            *split,
            Clauses(CLAUSES),
        ),
    )


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
        (Bilingual("授权方", "Licensor"), _name(licence.licensor)),
        (Bilingual("被授权方", "Licensee"), _name(licence.licensee)),
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
    names = _both(lambda: [(Channel(channel).label, "") for channel, *_rest in row.lines])
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
