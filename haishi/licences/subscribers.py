"""What people hear about licences; how the money's news comes back; who may read which papers."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from haishi.catalogue.selectors import DeskLink, register_desk_link, register_offer
from haishi.contracts.events import ContractConcluded, ContractDeclined, ContractEnded
from haishi.expo.selectors import register_pending
from haishi.foundation.events import subscribe
from haishi.foundation.types import Actor
from haishi.licences import policies, selectors, services
from haishi.licences.events import (
    ApprovalAnswered,
    ApprovalAsked,
    ApprovalLate,
    LicenceMoved,
    LicenceReminder,
    OfferChanged,
    StatementIssued,
    StatementMoved,
    TitleAnswered,
    TitleSubmitted,
)
from haishi.licences.states import ApprovalState, StatementState, TitleState
from haishi.media.selectors import register_reader
from haishi.media.states import Purpose
from haishi.notices.services import register_kind, tell
from haishi.notices.types import Words
from haishi.parties import selectors as parties
from haishi.parties.services import register_personal
from haishi.search import services as search
from haishi.trade.events import OrderEnded, OrderPaid
from haishi.trade.selectors import register_deals

register_kind("licence", "IP 授权", "Licences", push="now")
register_kind("licence_title", "权属核验", "Chain of title")
register_kind("title_queue", "待核验的权属材料", "Titles to verify", mail="digest")
register_pending("titles", selectors.titles_to_review)
register_offer("licences", selectors.product_offer)
register_desk_link("licences", DeskLink(_("权属与授权"), "seal", "licences:work"))
register_personal("licences", services.export_personal, services.erase_personal)
register_deals("licence", selectors.deals_of)
search.name_values("kind", {"licence": _("IP 授权")})


def reads_paper(actor: Actor, asset: Any) -> bool:
    """Documents of a chain of title: for its reviewers and for parties of a concluded licence."""
    return any(
        policies.can_read_papers(actor, title) for title in selectors.titles_with_paper(asset.pk)
    )


def reads_sample(actor: Actor, asset: Any) -> bool:
    """What a licensee hands in for approval: for members of the licensor."""
    return any(parties.is_member(actor, firm) for firm in selectors.licensors_shown(asset.pk))


register_reader(Purpose.PAPERS, reads_paper)
register_reader(Purpose.SEALED, reads_sample)


# Money


def _mine(origin: str, name: str) -> int | None:
    """The id that an order's origin names, when it is of this kind."""
    kind, _colon, number = origin.partition(":")
    return int(number) if kind == name and number.isdigit() else None


@subscribe(OrderPaid)
def on_paid(event: OrderPaid) -> None:
    """A guarantee begins a licence; a royalty settles a statement."""
    if pk := _mine(event.origin, "licence"):
        services.guarantee_paid(pk)
    elif pk := _mine(event.origin, "royalty"):
        services.royalty_paid(pk)


@subscribe(OrderEnded)
def on_ended(event: OrderEnded) -> None:
    """An unpaid guarantee ends a licence; an unpaid royalty stops it."""
    if pk := _mine(event.origin, "licence"):
        services.guarantee_gone(pk, event.state)
    elif pk := _mine(event.origin, "royalty"):
        services.royalty_unpaid(pk)


# Contracts


@subscribe(ContractConcluded)
def on_signed(event: ContractConcluded) -> None:
    """All have signed."""
    if pk := _mine(event.origin, "licence"):
        services.contract_concluded(pk)


@subscribe(ContractDeclined)
def on_declined(event: ContractDeclined) -> None:
    """Somebody will not sign, and says why."""
    if pk := _mine(event.origin, "licence"):
        services.contract_over(pk, "declined", event.reason)


@subscribe(ContractEnded)
def on_contract_ended(event: ContractEnded) -> None:
    """It was not signed in time, or all ended it."""
    if pk := _mine(event.origin, "licence"):
        services.contract_over(pk, event.state)


@subscribe(LicenceMoved)
def end_contract(event: LicenceMoved) -> None:
    """A licence that is over ends its contract."""
    licence = selectors.licence_facts(event.licence_id)
    if licence is not None:
        services.follow_end(licence, event.state)


# Titles and offers


@subscribe(TitleSubmitted)
def tell_reviewers(event: TitleSubmitted) -> None:
    """One notice for all that wait."""
    title = selectors.title_facts(event.title_id)
    if title is None:
        return
    tell(
        parties.verifiers(title.organisation_id),
        "title_queue",
        _("有权属材料等待核验"),
        _("%(firm)s提交了《%(work)s》的权属链。"),
        reverse("licences:queue"),
        values={"firm": title.organisation.name, "work": title.product.name},
        topic="titles",
    )


@subscribe(TitleAnswered)
def tell_title(event: TitleAnswered) -> None:
    """What the reviewers found; its offers come and go in the index."""
    title = selectors.title_facts(event.title_id)
    if title is None:
        return
    verified = title.state == TitleState.VERIFIED
    tell(
        parties.member_ids(title.organisation_id, managing=True),
        "licence_title",
        _("《%(work)s》权属已核") if verified else _("《%(work)s》的权属材料需要补充"),
        _("可以开放授权了。") if verified else _("核验意见：%(reason)s"),
        reverse("licences:title", args=[title.pk]),
        values={"work": title.product.name, "reason": title.reason},
        important=True,
    )


@subscribe(TitleAnswered, OfferChanged)
def index_offers(event: TitleAnswered | OfferChanged) -> None:
    """Find what is open; forget the rest."""
    wanted = (
        [event.offer_id]
        if isinstance(event, OfferChanged)
        else selectors.offer_ids_of(event.title_id)
    )
    found = {document.object_id: document for document in selectors.documents(wanted)}
    search.put_many(found.values())
    for pk in wanted:
        if pk not in found:
            search.remove("licence", pk)


# Licences

_MOVES: dict[str, tuple[str, Words, Words]] = {
    # action: (whom, subject, body); "other": the side that did not act
    "ask": ("licensor", _("《%(work)s》收到授权申请"), _("%(licensee)s申请授权，请在期限内答复。")),
    "counter": (
        "other",
        _("《%(work)s》授权条款有新版本"),
        _("对方修改了条款，请查看差异后答复。"),
    ),
    "decline": ("other", _("《%(work)s》的授权没有达成"), _("说明：%(reason)s")),
    "withdraw": ("licensor", _("《%(work)s》的授权申请已撤回"), _("%(licensee)s撤回了申请。")),
    "lapse": ("both", _("《%(work)s》的授权申请已逾期失效"), _("没有在期限内答复、签署或付款。")),
    "conclude": ("licensee", _("《%(work)s》授权合同已生效"), _("请支付保底金，付款后授权生效。")),
    "activate": ("both", _("《%(work)s》授权已生效"), _("被授权方可以指派席位、接收授权文件。")),
    "suspend": ("both", _("《%(work)s》的授权已中止"), _("文件下载已停止。")),
    "resume": ("both", _("《%(work)s》的授权已恢复"), _("可以继续使用。")),
    "revoke": ("both", _("《%(work)s》的授权已撤销"), _("说明：%(reason)s")),
    "expire": ("both", _("《%(work)s》的授权已到期"), _("清货期内仍须按期报告销售。")),
}


def _tell(
    licence: Any, whom: str, subject: Words, body: Words, tail: str = "", **more: str
) -> None:
    sides = {"licensor": licence.licensor_id, "licensee": licence.licensee_id}
    people = [
        person
        for side, firm in sides.items()
        if whom in (side, "both")
        for person in parties.member_ids(firm, managing=True)
    ]
    values = {
        "work": licence.product.name,
        "licensor": licence.licensor.name,
        "licensee": licence.licensee.name,
        "reason": licence.reason,
        **more,
    }
    url = licence.get_absolute_url() + tail
    tell(people, "licence", subject, body, url, values=values, important=True)


@subscribe(LicenceMoved)
def tell_move(event: LicenceMoved) -> None:
    """Each step to the side that has to know."""
    licence = selectors.licence_facts(event.licence_id)
    if licence is None or event.action not in _MOVES:
        return
    whom, subject, body = _MOVES[event.action]
    if whom == "other":
        whom = {True: "licensee", False: "licensor", None: "both"}[event.by_licensor]
    _tell(licence, whom, subject, body)


def _on_approval(event: Any, write: Callable[[Any, Any], None]) -> None:
    approval = selectors.approval_facts(event.approval_id)
    licence = selectors.licence_facts(event.licence_id)
    if approval is not None and licence is not None:
        write(licence, approval)


@subscribe(ApprovalAsked)
def tell_asked(event: ApprovalAsked) -> None:
    """The licensor has days to answer."""
    _on_approval(
        event,
        lambda licence, approval: _tell(
            licence,
            "licensor",
            _("《%(work)s》有监修待答复"),
            _("%(licensee)s提交了“%(good)s”。"),
            "#approvals",
            good=approval.good.name,
        ),
    )


@subscribe(ApprovalAnswered)
def tell_answered(event: ApprovalAnswered) -> None:
    """What the licensor said."""
    passed = event.state == ApprovalState.APPROVED
    _on_approval(
        event,
        lambda licence, approval: _tell(
            licence,
            "licensee",
            _("“%(good)s”监修通过") if passed else _("“%(good)s”监修退回"),
            _("监修意见：%(answer)s"),
            "#approvals",
            good=approval.good.name,
            answer=approval.answer,
        ),
    )


@subscribe(ApprovalLate)
def tell_late(event: ApprovalLate) -> None:
    """Silence: both sides hear of it. It stays unanswered."""
    _on_approval(
        event,
        lambda licence, approval: _tell(
            licence,
            "both",
            _("“%(good)s”的监修已逾期未答复"),
            _("逾期不等于通过，请授权方尽快答复。"),
            "#approvals",
            good=approval.good.name,
        ),
    )


@subscribe(StatementIssued, StatementMoved)
def tell_statement(event: StatementIssued | StatementMoved) -> None:
    """A statement, its payment, its being late."""
    statement = selectors.statement_facts(event.statement_id)
    licence = selectors.licence_facts(event.licence_id)
    if statement is None or licence is None:
        return
    words: tuple[Words, Words] = (_("《%(work)s》版税结算单"), _("本期应付 %(due)s。"))
    if isinstance(event, StatementMoved):
        words = {
            StatementState.PAID: (_("《%(work)s》版税已支付"), _("金额 %(due)s。")),
            StatementState.OVERDUE: (
                _("《%(work)s》版税逾期未付"),
                _("授权已中止，付清 %(due)s 后自动恢复。"),
            ),
        }[StatementState(event.state)]
    _tell(licence, "both", *words, f"statements/{statement.number}/", due=str(statement.due))


_REMINDERS: dict[str, tuple[Words, Words]] = {
    "answer": (_("《%(work)s》的授权即将逾期"), _("请在 %(due)s 前答复或付款。")),
    "payment": (_("《%(work)s》的版税即将逾期"), _("请在 %(due)s 前付款，逾期授权会中止。")),
    "report": (_("《%(work)s》的销售报告快到期了"), _("请在 %(due)s 前提交。")),
    "report_late": (_("《%(work)s》的销售报告已逾期"), _("应在 %(due)s 前提交，请尽快补交。")),
}


@subscribe(LicenceReminder)
def remind(event: LicenceReminder) -> None:
    """Before something runs out; a late report is told to both."""
    licence = selectors.licence_facts(event.licence_id)
    if licence is None:
        return
    waits_for_licensor = event.what == "answer" and licence.state == "requested"
    whom = "licensor" if waits_for_licensor else "licensee"
    whom = "both" if event.what == "report_late" else whom
    _tell(licence, whom, *_REMINDERS[event.what], due=event.due[:10])
