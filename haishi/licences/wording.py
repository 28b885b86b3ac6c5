"""Terms in the reader's words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from haishi.foundation.money import Money
from haishi.licences.models import Offer
from haishi.licences.states import Channel, Medium, Right, Stage
from haishi.licences.territories import LANGUAGES, title_of

JOINER = "、"


def percent(points: int) -> str:
    """Basis points as people write them: 850 → 8.5%."""
    return f"{points / 100:.2f}".rstrip("0").rstrip(".") + "%"


def months(number: int) -> str:
    """A length: whole years as years."""
    if number and number % 12 == 0:
        return ngettext("%d 年", "%d 年", number // 12) % (number // 12)
    return ngettext("%d 个月", "%d 个月", number) % number


def label(name: str) -> str:
    """What a term is called."""
    return str(Offer._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _listed(values: Any) -> str:
    return JOINER.join(str(each) for each in values)


def value(row: Any, name: str) -> str:
    """What a row says about one term."""
    found = getattr(row, name)
    plain = {
        "rights": lambda: _listed(Right(each).label for each in found),
        "media": lambda: _listed(Medium(each).label for each in found),
        "territories": lambda: _listed(title_of(each) for each in found),
        "languages": lambda: _listed(LANGUAGES[each] for each in found),
        "stages": lambda: _listed(Stage(each).label for each in found) or _("不需要"),
        "rates": lambda: (
            _listed(f"{Channel(each).label} {percent(points)}" for each, points in found.items())
            or _("没有")
        ),
        "guarantee_minor": lambda: str(Money(found, row.currency)) if found else _("没有"),
        "starts_on": lambda: str(found) if found else _("由双方约定"),
        "months": lambda: months(found),
        "sell_off_months": lambda: months(found) if found else _("没有"),
        "sublicensing": lambda: _("可以") if found else _("不可以"),
        "audit": lambda: _("有") if found else _("没有"),
        "exclusivity": row.get_exclusivity_display,
        "base": row.get_base_display,
        "period": row.get_period_display,
    }
    return str(plain.get(name, lambda: found)())


# What a page lists, in its order; the currency stands in the amounts.
SHOWN = (
    "rights", "exclusivity", "territories", "media", "languages", "starts_on", "months",
    "sell_off_months", "guarantee_minor", "rates", "base", "period", "stages", "review_days",
    "seats", "sublicensing", "audit",
)  # fmt: skip


def facts(row: Any) -> list[tuple[str, str]]:
    """[(what, value)] of an offer, a proposal or a licence."""
    names = [name for name in SHOWN if name != "review_days" or row.stages]
    return [(label(name), value(row, name)) for name in names]


def price_line(row: Any) -> str:
    """Guarantee and rates in one line, for a card."""
    least = value(row, "guarantee_minor") if row.guarantee_minor else ""
    parts = [_("保底 %(amount)s") % {"amount": least} if least else _("无保底金")]
    if row.rates:
        points = sorted(set(row.rates.values()))
        span = "–".join(percent(each) for each in (points[0], points[-1])[: min(len(points), 2)])
        parts.append(_("版税 %(rate)s") % {"rate": span})
    return " · ".join(parts)


def action(name: str) -> str:
    """What an entry of the audit log says happened."""
    known = {
        "title.begun": _("开始整理权属"),
        "title.linked": _("加入一环"),
        "title.unlinked": _("移出一环"),
        "title.submit": _("提交核验"),
        "title.take_back": _("收回修改"),
        "title.verify": _("权属已核"),
        "title.return": _("退回补充"),
        "licence.asked": _("提出申请"),
        "licence.edited": _("修改条款"),
        "licence.counter": _("发出新版本"),
        "licence.accept": _("接受条款"),
        "licence.paper": _("条款存证，合同待签署"),
        "licence.conclude": _("合同签毕，等待保底金"),
        "licence.decline": _("谢绝"),
        "licence.withdraw": _("撤回申请"),
        "licence.lapse": _("逾期失效"),
        "licence.activate": _("授权生效"),
        "licence.opened": _("确认接收文件"),
        "licence.seat_given": _("指派席位"),
        "licence.seat_taken": _("收回席位"),
        "licence.good_added": _("登记授权商品"),
        "approval.asked": _("送监修"),
        "approval.approved": _("监修通过"),
        "approval.returned": _("监修退回"),
        "approval.late": _("监修逾期未答复"),
        "licence.reported": _("报告销售，出具结算单"),
        "licence.billed_again": _("重新开出账单"),
        "licence.royalty_paid": _("版税已支付"),
        "licence.royalty_overdue": _("版税逾期未付"),
        "licence.suspend": _("中止授权"),
        "licence.resume": _("恢复授权"),
        "licence.revoke": _("撤销授权"),
        "licence.expire": _("授权到期"),
    }
    return known.get(name, _("有变动"))


def parts(shares: list[tuple[Any, int]]) -> list[tuple[Any, str]]:
    """[(firm, percentage)] of [(firm, basis points)]."""
    return [(firm, percent(points)) for firm, points in shares]
