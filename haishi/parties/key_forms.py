"""Forms of allauth's passkey pages that need words of this house.

They stand apart from `forms`, which allauth itself imports while it starts.
"""

from allauth.mfa.webauthn.forms import EditWebAuthnForm
from django.utils.translation import gettext_lazy as _

from haishi.foundation.forms import TextField


class KeyForm(EditWebAuthnForm):  # type: ignore[misc]
    """What a passkey is called, so that its owner tells it from the others."""

    name = TextField(label=_("名称"), max_length=100)
