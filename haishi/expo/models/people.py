"""Registrations and check-ins; cards, leads and enquiries: what people leave with each other."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haishi.expo.models.exhibitors import Exhibitor
from haishi.expo.models.structure import Edition
from haishi.expo.states import EnquiryState, LeadSource, VisitorKind


class Registration(models.Model):
    """A person's registration for an edition; `code` is on the badge, signed in its QR."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="registrations")
    person = models.ForeignKey("parties.Person", models.CASCADE, related_name="registrations")
    kind = models.CharField(
        _("身份"), max_length=10, choices=VisitorKind, default=VisitorKind.VISITOR
    )
    code = models.CharField(max_length=12, unique=True)
    firm = models.CharField(_("单位"), max_length=80, blank=True, default="")
    title = models.CharField(_("职务"), max_length=60, blank=True, default="")
    # Consent that a firm which scans the badge receives the card.
    shares_card = models.BooleanField(_("允许参展商扫码后获得我的名片"), default=False)
    registered_at = models.DateTimeField(db_default=Now())
    cancelled_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "person"], name="registration_once")
        ]

    def __str__(self) -> str:
        return self.code


class CheckinList(models.Model):
    """A gate at which badges are checked."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="checkin_lists")
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=100, blank=True, default="")

    def __str__(self) -> str:
        return self.name


class Checkin(models.Model):
    """One entry. A device offline sends it again and again: `key` makes it one."""

    list = models.ForeignKey(CheckinList, models.CASCADE, related_name="checkins")
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="checkins")
    key = models.UUIDField()
    at = models.DateTimeField()
    received_at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "registration"], name="one_entry_a_badge"),
            models.UniqueConstraint(fields=["list", "key"], name="one_entry_a_key"),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} at {self.at:%H:%M}"


class ContactCard(models.Model):
    """What a person's business card shows; `key` is in its QR and is changed to void old ones."""

    person = models.OneToOneField("parties.Person", models.CASCADE, related_name="contact_card")
    firm = models.CharField(_("单位"), max_length=80, blank=True, default="")
    shows_phone = models.BooleanField(_("显示电话"), default=True)
    shows_email = models.BooleanField(_("显示邮箱"), default=True)
    key = models.CharField(max_length=16, unique=True)

    def __str__(self) -> str:
        return str(self.person_id)


class CardGrant(models.Model):
    """A business card given with consent; the giver lists and revokes it."""

    giver = models.ForeignKey("parties.Person", models.CASCADE, related_name="cards_given")
    receiver = models.ForeignKey(
        "parties.Person", models.CASCADE, null=True, blank=True, related_name="cards_held"
    )
    exhibitor = models.ForeignKey(
        Exhibitor, models.CASCADE, null=True, blank=True, related_name="cards"
    )
    edition = models.ForeignKey(Edition, models.SET_NULL, null=True, blank=True, related_name="+")
    # name, title, firm, phone, email as they were when given; emptied when revoked.
    content = models.JSONField(default=dict)
    via = models.CharField(max_length=8, default="page")
    granted_at = models.DateTimeField(db_default=Now())
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(receiver=None, exhibitor__isnull=False)
                | Q(receiver__isnull=False, exhibitor=None),
                name="card_has_one_receiver",
            ),
            models.UniqueConstraint(
                fields=["giver", "receiver"],
                condition=Q(revoked_at=None),
                name="card_to_person_once",
            ),
            models.UniqueConstraint(
                fields=["giver", "exhibitor"],
                condition=Q(revoked_at=None),
                name="card_to_exhibitor_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver_id} → {self.receiver_id or self.exhibitor_id}"


class Lead(models.Model):
    """Somebody a firm met at its booth; what it may know comes from the card, while granted."""

    exhibitor = models.ForeignKey(Exhibitor, models.CASCADE, related_name="leads")
    person = models.ForeignKey("parties.Person", models.CASCADE, related_name="+")
    grant = models.ForeignKey(CardGrant, models.SET_NULL, null=True, related_name="leads")
    source = models.CharField(max_length=8, choices=LeadSource)
    rating = models.PositiveSmallIntegerField(_("评级"), default=0)
    owner = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exhibitor", "person"], name="lead_once"),
            models.CheckConstraint(condition=Q(rating__range=(0, 5)), name="lead_rating_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.exhibitor_id}"


class LeadNote(models.Model):
    """What a colleague wrote down about a lead; notes are added, never rewritten."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="notes")
    author = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")
    body = models.TextField(_("备注"), max_length=1000)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.body[:40]


class Enquiry(models.Model):
    """A question to a firm, with an owner and a reply clock."""

    exhibitor = models.ForeignKey(Exhibitor, models.CASCADE, related_name="enquiries")
    person = models.ForeignKey("parties.Person", models.CASCADE, related_name="enquiries")
    # What it is about, told by the module above: ("product", 40, "title"); empty: the booth.
    about_kind = models.CharField(max_length=12, blank=True, default="")
    about_id = models.BigIntegerField(null=True)
    about_title = models.CharField(max_length=120, blank=True, default="")
    subject = models.CharField(_("主题"), max_length=80)
    state = models.CharField(max_length=8, choices=EnquiryState, default=EnquiryState.OPEN)
    owner = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    # The organiser was told that nobody answers, after twice the time.
    informed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("due_at", condition=Q(state="open"), name="enquiry_due"),
            models.Index(fields=["exhibitor", "state", "due_at"], name="enquiry_desk"),
        ]

    def __str__(self) -> str:
        return self.subject


class EnquiryMessage(models.Model):
    """One message of the conversation."""

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="messages")
    author = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")
    from_firm = models.BooleanField(default=False)
    body = models.TextField(_("内容"), max_length=3000)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.body[:40]


class ReplyTemplate(models.Model):
    """An answer a firm gives often."""

    exhibitor = models.ForeignKey(Exhibitor, models.CASCADE, related_name="reply_templates")
    title = models.CharField(_("名称"), max_length=40)
    body = models.TextField(_("内容"), max_length=3000)

    def __str__(self) -> str:
        return self.title
