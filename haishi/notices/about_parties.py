"""What people hear about organisations, members and verification."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from haishi.foundation.events import subscribe
from haishi.notices import services
from haishi.parties import selectors as parties
from haishi.parties.events import (
    DutyChanged,
    MemberJoined,
    VerificationAnswered,
    VerificationOverdue,
    VerificationRequested,
    VerificationWithdrawn,
)

KIND = "organisation"
services.register_kind(KIND, "单位与认证", "Organisation and verification", mail="now")


@subscribe(VerificationRequested)
def ask_reviewers(event: VerificationRequested) -> None:
    """Those who verify hear of new papers; unread ones are counted together."""
    services.tell(
        parties.verifiers(event.organisation_id),
        KIND,
        _("有新的单位认证申请"),
        _("申请材料已提交，请在两个工作日内答复。"),
        reverse("parties:verifications"),
        topic="verification",
    )


@subscribe(VerificationOverdue)
def remind_reviewers(event: VerificationOverdue) -> None:
    """Two days have passed."""
    services.tell(
        parties.verifiers(event.organisation_id),
        KIND,
        _("一份认证申请已等待两天"),
        _("对方仍在等待答复，请尽快处理。"),
        reverse("parties:verifications"),
        important=True,
    )


@subscribe(VerificationAnswered)
def tell_result(event: VerificationAnswered) -> None:
    """The firm's managers hear the answer."""
    subject = _("单位认证已通过") if event.approved else _("单位认证被退回")
    body = (
        _("认证标识已显示在单位与展位页面上。")
        if event.approved
        else _("请查看退回原因，修改后再次提交。")
    )
    _managers(event.organisation_id, subject, body)


@subscribe(VerificationWithdrawn)
def tell_withdrawal(event: VerificationWithdrawn) -> None:
    """An approval was taken back."""
    _managers(event.organisation_id, _("单位认证已被撤销"), _("请查看原因，必要时联系主办方。"))


def _managers(organisation_id: int, subject: object, body: object) -> None:
    row = parties.organisation_by_id(organisation_id)
    services.tell(
        parties.member_ids(organisation_id, managing=True),
        KIND,
        subject,
        body,
        reverse("parties:verification", args=[row.slug]),
        important=True,
    )


@subscribe(MemberJoined)
def tell_colleagues(event: MemberJoined) -> None:
    """Managers hear that an invitation was accepted."""
    row = parties.organisation_by_id(event.organisation_id)
    person = parties.people([event.person_id]).get(event.person_id)
    if person is None:
        return
    managers = set(parties.member_ids(row.pk, managing=True)) - {person.pk}
    services.tell(
        managers,
        KIND,
        _("%(name)s 加入了%(firm)s"),
        url=reverse("parties:members", args=[row.slug]),
        values={"name": person.name, "firm": row.name},
    )


@subscribe(DutyChanged)
def tell_duty(event: DutyChanged) -> None:
    """A person hears of a new duty, or that one ended."""
    services.tell(
        [event.person_id],
        KIND,
        _("你有了新的主办方职责") if event.held else _("你的一项主办方职责已结束"),
        url=reverse("portal:desk"),
        important=True,
    )
