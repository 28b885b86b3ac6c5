"""Colleagues: invitations by mail, roles, leaving; an organisation always keeps an owner."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.urls import reverse
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from haishi.foundation import clock
from haishi.foundation.errors import Conflict, Forbidden, NotFound
from haishi.foundation.models import AuditEntry
from haishi.foundation.outbox import drain
from haishi.parties import services
from haishi.parties.errors import (
    AlreadyInvited,
    AlreadyMember,
    InvitationForAnother,
    InvitationGone,
    LastOwner,
)
from haishi.parties.models import Invitation, Membership
from haishi.parties.tests.factories import InvitationFactory, MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db


def run_jobs():
    """What the worker does: run the jobs that wait, with the arguments that were stored."""
    drain()
    for job in ProcrastinateJob.objects.filter(status="todo").order_by("id"):
        app.tasks[job.task_name](**job.args)


def roles(firm):
    rows = Membership.objects.filter(organisation=firm).order_by("pk")
    return list(rows.values_list("person__name", "role"))


def test_an_invitation_is_mailed_opened_and_accepted(client, firm, lin, stranger):
    client.force_login(lin)
    values = {"email": "Stranger@elsewhere.example", "role": "manager"}
    asked = client.post(reverse("parties:members", args=[firm.slug]), values)
    assert asked.url == reverse("parties:members", args=[firm.slug])
    run_jobs()
    message = mail.outbox[0]
    assert (message.to, message.subject) == (["stranger@elsewhere.example"], "邀请你加入蓬莱影业")
    path = re.search(r"https?://[^/]+(/desk/invitations/\S+/)", message.body)[1]

    client.logout()
    page = client.get(path)
    assert (page.status_code, page.headers["Referrer-Policy"]) == (200, "same-origin")
    client.force_login(stranger)
    assert client.post(path).url == reverse("parties:organisations")
    assert roles(firm) == [("林海", "owner"), ("外人", "manager")]
    assert Invitation.objects.get().state == "accepted"
    assert client.get(path).status_code == 409


def test_the_table_and_the_jobs_hold_no_link(firm, lin):
    row = services.invite_member(lin, firm.pk, "new@penglai.example", "staff")
    drain()
    assert list(ProcrastinateJob.objects.values_list("args", flat=True)) == [
        {"invitation_id": row.pk}
    ]


def test_the_mail_is_in_the_language_of_its_reader(firm, lin, stranger):
    stranger.language = "en"
    stranger.save()
    services.invite_member(lin, firm.pk, stranger.email, "staff")
    run_jobs()
    assert mail.outbox[0].subject == "Invitation to join Penglai Pictures"


def test_a_revoked_invitation_is_not_mailed_and_opens_nothing(firm, lin, stranger):
    row = services.invite_member(lin, firm.pk, stranger.email, "staff")
    services.revoke_invitation(lin, row.pk)
    run_jobs()
    assert mail.outbox == []
    with pytest.raises(InvitationGone):
        services.accept_invitation(stranger, services.invitation_token(row.pk))
    assert roles(firm) == [("林海", "owner")]


def test_a_link_opens_for_the_invited_address_only(firm, lin, stranger):
    row = InvitationFactory(organisation=firm, email="new@penglai.example")
    with pytest.raises(InvitationForAnother):
        services.accept_invitation(stranger, services.invitation_token(row.pk))
    row.refresh_from_db()
    assert (row.state, roles(firm)) == ("open", [("林海", "owner")])


def test_a_forged_link_opens_nothing(client, firm, lin, stranger):
    row = InvitationFactory(organisation=firm, email=stranger.email)
    client.force_login(stranger)
    forged = reverse("parties:invitation", args=[f"{row.pk}.AAAAAAAAAAAAAAAA"])
    assert client.get(forged).status_code == 409
    assert client.post(forged).status_code == 409
    assert roles(firm) == [("林海", "owner")]


def test_after_seven_days_an_invitation_ends_by_itself(firm, lin, stranger):
    row = services.invite_member(lin, firm.pk, stranger.email, "staff")
    assert row.expires_at - clock.now() <= dt.timedelta(days=7)
    assert services.expire_invitations() == 0
    Invitation.objects.update(expires_at=clock.now() - dt.timedelta(seconds=1))
    with pytest.raises(InvitationGone):
        services.accept_invitation(stranger, services.invitation_token(row.pk))
    assert services.expire_invitations() == 1
    row.refresh_from_db()
    assert (row.state, roles(firm)) == ("expired", [("林海", "owner")])
    services.invite_member(lin, firm.pk, stranger.email, "staff")


def test_nobody_is_invited_twice_or_as_a_member(firm, lin, zhou):
    services.invite_member(lin, firm.pk, "new@penglai.example", "staff")
    with pytest.raises(AlreadyInvited):
        services.invite_member(lin, firm.pk, "NEW@penglai.example", "staff")
    with pytest.raises(AlreadyMember):
        services.invite_member(lin, firm.pk, zhou.email, "staff")
    assert Invitation.objects.count() == 1


def test_a_manager_invites_and_removes_staff_but_nobody_higher(firm, lin, zhou):
    manager = MembershipFactory(organisation=firm, role="manager", person__name="经理").person
    services.invite_member(manager, firm.pk, "new@penglai.example", "staff")
    with pytest.raises(Forbidden):
        services.invite_member(manager, firm.pk, "boss@penglai.example", "owner")
    with pytest.raises(Forbidden):
        services.remove_member(manager, Membership.objects.get(person=lin).pk)
    services.remove_member(manager, Membership.objects.get(person=zhou).pk)
    assert roles(firm) == [("林海", "owner"), ("经理", "manager")]
    assert list(Invitation.objects.values_list("email", flat=True)) == ["new@penglai.example"]


def test_staff_invite_nobody_and_strangers_see_no_organisation(firm, zhou, stranger):
    row = InvitationFactory(organisation=firm)
    with pytest.raises(Forbidden):
        services.invite_member(zhou, firm.pk, "new@penglai.example", "staff")
    with pytest.raises(Forbidden):
        services.revoke_invitation(zhou, row.pk)
    with pytest.raises(NotFound):
        services.revoke_invitation(stranger, row.pk)
    row.refresh_from_db()
    assert (row.state, Invitation.objects.count()) == ("open", 1)


def test_the_last_owner_neither_leaves_nor_steps_down(client, firm, lin, zhou):
    own = Membership.objects.get(person=lin)
    with pytest.raises(LastOwner):
        services.change_role(lin, own.pk, "staff")
    client.force_login(lin)
    refused = client.post(reverse("parties:leave", args=[firm.slug]))
    assert refused.status_code == 409
    assert "单位至少要有一位所有者" in refused.content.decode()
    assert roles(firm) == [("林海", "owner"), ("周遥", "staff")]
    assert not AuditEntry.objects.exists()


def test_an_owner_hands_over_and_leaves(client, firm, lin, zhou):
    client.force_login(lin)
    hers = Membership.objects.get(person=zhou)
    client.post(reverse("parties:member_role", args=[hers.pk]), {"role": "owner"})
    client.post(reverse("parties:leave", args=[firm.slug]))
    assert roles(firm) == [("周遥", "owner")]
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["member.role_changed", "member.left"]


def test_a_role_that_does_not_exist_is_refused(firm, lin, zhou):
    with pytest.raises(Conflict):
        services.change_role(lin, Membership.objects.get(person=zhou).pk, "emperor")
    assert roles(firm) == [("林海", "owner"), ("周遥", "staff")]


def test_a_disabled_owner_does_not_count_as_the_one_who_stays(firm, lin):
    MembershipFactory(organisation=firm, role="owner", person=PersonFactory(is_active=False))
    with pytest.raises(LastOwner):
        services.leave_organisation(lin, firm.pk)
    assert Membership.objects.filter(organisation=firm).count() == 2
