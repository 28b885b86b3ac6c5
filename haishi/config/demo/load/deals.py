"""Contracts among the firms of the demo, one in every state; made by the services, not in bulk.

A signature is made between two transactions, so this runs after the load's own, once: what has an
origin `demo:N` already is left as it is. Words and amounts are the same every time; numbers and
moments are those of the load.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings

from haishi.config.demo.load.world import ZONE
from haishi.contracts import selectors, services
from haishi.contracts.models import Contract
from haishi.contracts.types import (
    ClauseDraft,
    Draft,
    LineDraft,
    MilestoneDraft,
    PartyDraft,
    Rate,
)
from haishi.foundation import clock
from haishi.foundation.bilingual import Bilingual as Both
from haishi.foundation.money import Money
from haishi.parties.models import Membership, Organisation
from haishi.trade import providers
from haishi.trade import services as trade
from haishi.trade.models import Order
from haishi.trade.services.payments import believe
from haishi.trade.types import Share

BUYER, SUPPLIER = Both("采购方", "Buyer"), Both("供方", "Supplier")
RESEARCH, MAKER = Both("研发", "R&D"), Both("生产", "Production")
MARKETER = Both("营销", "Marketing")
CLAUSES = (
    ClauseDraft(
        Both("合作内容", "Subject"),
        Both(
            "供方按交付清单完成约定成果，符合国家与行业标准，并对成果的原创性负责。",
            "The supplier delivers what the list of deliverables names, to national and industry standards, and answers for its originality.",
        ),
    ),
    ClauseDraft(
        Both("知识产权", "Intellectual property"),
        Both(
            "成果的著作财产权自节点款项结清之日起归采购方，署名权归作者；供方可在征得同意后用于案例展示。",
            "Economic rights pass to the buyer once the milestone is settled; authors keep the right to be named. The supplier may show the work as a reference with consent.",
        ),
    ),
    ClauseDraft(
        Both("违约责任", "Liability"),
        Both(
            "逾期交付的，每逾期一日按该节点金额的 0.05% 支付违约金，累计不超过该节点金额的 5%。",
            "Late delivery bears 0.05 % of the milestone per day, at most 5 % of the milestone.",
        ),
    ),
    ClauseDraft(
        Both("保密与争议", "Confidentiality and disputes"),
        Both(
            "各方对未公开的资料保密三年。争议先由平台调解，调解不成的，提交海州仲裁委员会仲裁。",
            "Unpublished material stays confidential for three years. Disputes go to mediation on the platform, then to arbitration in Haizhou.",
        ),
    ),
)


@dataclass(frozen=True)
class Deal:
    """A contract to be made. `parties`: (index of the firm, role), the first pays.

    `amounts` in yuan, one a milestone; `points` of the receivers in their order; `reach`: how far it
    goes.
    """

    title: Both
    item: Both
    parties: tuple[tuple[int, Both], ...]
    amounts: tuple[int, ...]
    reach: str
    points: tuple[int, ...] = ()
    stages: tuple[Both, ...] = (
        Both("方案与样片", "Concept and sample"),
        Both("成果交付", "Final delivery"),
        Both("上线与培训", "Launch and training"),
    )


DEALS = (
    Deal(
        Both("海上丝路沉浸展项制作合同", "Immersive exhibit on the maritime Silk Road"),
        Both("沉浸式影像展项", "Immersive film exhibit"),
        ((1, BUYER), (0, SUPPLIER), (2, RESEARCH), (3, MAKER), (4, MARKETER)),
        (268_000,),
        "fulfilled",
        (4_000, 3_000, 2_000, 1_000),
        (Both("展项整体交付", "Delivery of the exhibit"),),
    ),
    Deal(
        Both("民间剪纸数字藏馆共建合同", "A digital archive of paper cutting"),
        Both("高清采集与建库", "Digitisation and archive"),
        ((0, BUYER), (5, SUPPLIER)),
        (36_000, 52_000),
        "delivered",
    ),
    Deal(
        Both("文旅导览小程序开发合同", "A guide app for heritage sites"),
        Both("导览小程序", "Guide app"),
        ((2, BUYER), (0, SUPPLIER), (6, RESEARCH)),
        (48_000, 72_000, 30_000),
        "funded",
        (6_500, 3_500),
    ),
    Deal(
        Both("非遗短片海外发行合同", "Overseas release of heritage films"),
        Both("短片本地化与发行", "Localisation and release"),
        ((0, BUYER), (3, SUPPLIER), (7, MARKETER)),
        (64_000, 56_000),
        "signing",
        (7_000, 3_000),
    ),
    Deal(
        Both("陶瓷烧造工艺三维采集合同", "3D capture of kiln craft"),
        Both("三维采集", "3D capture"),
        ((4, BUYER), (0, SUPPLIER)),
        (45_000, 45_000),
        "review",
    ),
    Deal(
        Both("风筝文创联名开发合同", "A joint line of kite designs"),
        Both("联名文创设计", "Joint designs"),
        ((0, BUYER), (6, SUPPLIER), (8, MAKER)),
        (28_000, 42_000),
        "draft",
        (5_000, 5_000),
    ),
    Deal(
        Both("皮影戏动作捕捉合同", "Motion capture of shadow puppetry"),
        Both("动作捕捉与整理", "Motion capture"),
        ((0, BUYER), (7, SUPPLIER)),
        (39_000,),
        "declined",
        (),
        (Both("动作库交付", "Delivery of the motion library"),),
    ),
)


def strike() -> None:
    """Make what is not there yet; nothing where the sandbox is switched off, for nobody could pay."""
    if "sandbox" not in settings.PAYMENT_PROVIDERS:
        return
    firms = list(Organisation.objects.filter(is_organiser=False).order_by("pk")[:9])
    if len(firms) < 9:
        return
    known = set(Contract.objects.values_list("origin", flat=True))
    for number, deal in enumerate(DEALS, 1):
        if f"demo:{number}" not in known:
            _make(firms, number, deal)


def _make(firms: list[Any], number: int, deal: Deal) -> None:
    parties = [(firms[index], role) for index, role in deal.parties]
    by = next((firm for firm, _role in parties if firm == firms[0]), parties[0][0])
    draft = _draft(parties, number, deal)
    contract = services.draw_up(_boss(by), draft, by_id=by.pk, show=deal.reach != "draft")
    if deal.reach == "draft":
        return
    if deal.reach in ("review", "declined"):
        _talk(contract, parties, deal)
        return
    for firm, _role in parties:
        services.agree(_boss(firm), contract.pk, firm.pk, 1)
    services.open_signing(_boss(by), contract.pk, by.pk)
    if deal.reach == "signing":
        _sign(contract, parties[-1][0])
        return
    for firm, _role in parties:
        _sign(contract, firm)
    _work(contract, parties, deal)


def _draft(parties: list[tuple[Any, Both]], number: int, deal: Deal) -> Draft:
    payer, supplier = parties[0][0], parties[1][0]
    today = clock.local(clock.now(), ZONE).date()
    receivers = [firm for firm, _role in parties[1:]]
    shares = tuple(
        Share(firm.pk, points) for firm, points in zip(receivers, deal.points, strict=False)
    )
    total = sum(deal.amounts) * 100
    at = clock.now().replace(minute=0, second=0, microsecond=0)
    return Draft(
        title=deal.title,
        parties=tuple(PartyDraft(firm.pk, role) for firm, role in parties),
        clauses=CLAUSES,
        lines=(LineDraft(deal.item, 1, total, "项"),),
        milestones=tuple(
            MilestoneDraft(
                name=deal.stages[position],
                due=today + dt.timedelta(days=21 * (position + 1)),
                amount_minor=amount * 100,
                supplier_id=supplier.pk,
                shares=shares,
            )
            for position, amount in enumerate(deal.amounts)
        ),
        total=Money(total),
        payer_id=payer.pk,
        shown=Rate("USD", Decimal("0.1405"), "示例汇率 sample rate", at) if number == 4 else None,
        origin=f"demo:{number}",
    )


def _boss(firm: Any) -> Any:
    """Whoever owns the firm, as a fresh actor; the demo account where there is one."""
    rows = Membership.objects.filter(organisation=firm, role="owner").select_related("person")
    return max(rows, key=lambda row: (row.person.email.endswith("@haishi.example"), -row.pk)).person


def _talk(contract: Contract, parties: list[tuple[Any, Both]], deal: Deal) -> None:
    payer, supplier = parties[0][0], parties[1][0]
    if deal.reach == "declined":
        reason = "今年的拍摄档期已排满，明年春季再合作。"
        services.decline(_boss(supplier), contract.pk, supplier.pk, reason)
        return
    services.comment(_boss(payer), contract.pk, payer.pk, "保密期建议延长到五年。")
    content = selectors.version_of(contract).content
    clauses = [[*row] for row in content["clauses"]]
    clauses[3][2] = clauses[3][2].replace("保密三年", "保密五年")
    clauses[3][3] = clauses[3][3].replace("three years", "five years")
    note = "保密期由三年改为五年"
    services.propose(_boss(payer), contract.pk, payer.pk, seen=1, note=note, clauses=clauses)


def _sign(contract: Contract, firm: Any) -> None:
    contract.refresh_from_db()
    seen = selectors.paper_bytes(contract).sha256
    services.sign(_boss(firm), contract.pk, firm.pk, seen)


def _work(contract: Contract, parties: list[tuple[Any, Both]], deal: Deal) -> None:
    """The first milestone: paid, and as far as the deal reaches."""
    payer, supplier = parties[0][0], parties[1][0]
    part = contract.milestones.get(position=1)
    services.fund(_boss(payer), part.pk)
    part.refresh_from_db()
    order = Order.objects.select_related("buyer").get(pk=part.order_id or 0)
    payment = trade.start(order.buyer, order.pk, "sandbox")
    trade.pay_in_sandbox(payment.reference)
    # Asked and followed here, not waited for: a worker that runs already may take its news first.
    for news in providers.get("sandbox").query(payment.known):
        believe(news)
    services.follow_order(part.pk, order.pk, "paid")
    if deal.reach == "funded":
        return
    services.deliver(_boss(supplier), part.pk, "成果已按清单交付，附使用说明与素材目录，请验收。")
    if deal.reach == "fulfilled":
        services.accept(_boss(payer), part.pk)
        trade.settle_due()
