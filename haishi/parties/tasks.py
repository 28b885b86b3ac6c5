"""Slow work of people and organisations."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from haishi.parties import selectors, services

RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.task(name="haishi.parties.tasks.mail_invitation", retry=RETRY)
def mail_invitation(invitation_id: int) -> None:
    """Send the link of an invitation that is still open, in the language of who will read it.

    The job carries the id only; the signed link is made here and stored nowhere.
    """
    invitation = selectors.open_invitation(invitation_id)
    if invitation is None:
        return
    reader = selectors.person_by_email(invitation.email) or invitation.invited_by
    token = services.invitation_token(invitation.pk)
    address = settings.PUBLIC_URL + reverse("parties:invitation", args=[token])
    with translation.override(reader.language if reader else settings.LANGUAGE_CODE):
        organisation = str(invitation.organisation.title)
        subject = _("邀请你加入%(organisation)s") % {"organisation": organisation}
        context = {"invitation": invitation, "organisation": organisation, "address": address}
        body = render_to_string("parties/mail/invitation.txt", context)
        send_mail(subject, body, None, [invitation.email])
