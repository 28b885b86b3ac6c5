"""People, organisations and what they may do."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from haishi.foundation.addresses import address
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.models import Versioned
from haishi.parties.states import Duty, InvitationState, Role, Side, VerificationState


class People(BaseUserManager["Person"]):
    """Makes accounts; e-mail addresses compare without case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username or "")


class Person(AbstractBaseUser):
    """Somebody with an account. `is_staff`: an operator of the installation."""

    email = models.EmailField(_("电子邮箱"), max_length=254)
    name = models.CharField(_("姓名"), max_length=60)
    name_en = models.CharField(_("英文姓名"), max_length=80, blank=True, default="")
    title = models.CharField(_("职务"), max_length=60, blank=True, default="")
    title_en = models.CharField(_("英文职务"), max_length=80, blank=True, default="")
    phone = models.CharField(_("电话"), max_length=30, blank=True, default="")
    city = models.CharField(_("城市"), max_length=40, blank=True, default="")
    language = models.CharField(_("通知语言"), max_length=8, default="zh-hans")
    portrait_asset_id = models.BigIntegerField(null=True, blank=True, editable=False)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(db_default=Now())
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = People()
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def full_name(self) -> Bilingual:
        """The name in the reader's language."""
        return Bilingual(self.name, self.name_en)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Organisation(Versioned):
    """A firm or institution; permanent, across all editions."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("单位名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True, default="")
    tagline = models.CharField(_("一句话介绍"), max_length=80, blank=True, default="")
    tagline_en = models.CharField(_("英文一句话介绍"), max_length=160, blank=True, default="")
    about = models.TextField(_("简介"), max_length=3000, blank=True, default="")
    about_en = models.TextField(_("英文简介"), max_length=6000, blank=True, default="")
    city = models.CharField(_("城市"), max_length=40, blank=True, default="")
    region = models.CharField(_("省份或地区"), max_length=40, blank=True, default="")
    country = models.CharField(_("国家"), max_length=2, default="CN")
    website = models.URLField(_("网站"), blank=True, default="")
    founded = models.PositiveSmallIntegerField(_("成立年份"), null=True, blank=True)
    sides = ArrayField(
        models.CharField(max_length=12, choices=Side),
        verbose_name=_("五方角色"),
        default=list,
        blank=True,
    )
    # Pictures live in the media module above; an id is all this module needs to know.
    logo_asset_id = models.BigIntegerField(null=True, blank=True, editable=False)
    is_organiser = models.BooleanField(default=False, editable=False)
    credit_code = models.CharField(max_length=18, null=True, unique=True, editable=False)
    verified_at = models.DateTimeField(null=True, editable=False)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("portal:organisation", self.slug)

    @property
    def title(self) -> Bilingual:
        """The name in the reader's language."""
        return Bilingual(self.name, self.name_en)

    @property
    def summary(self) -> Bilingual:
        """The line under the name."""
        return Bilingual(self.tagline, self.tagline_en)

    @property
    def description(self) -> Bilingual:
        """The long text."""
        return Bilingual(self.about, self.about_en)


class Membership(models.Model):
    """A person in an organisation."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role, default=Role.STAFF)
    joined_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation"], name="member_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.organisation_id} ({self.role})"


class OrganiserDuty(models.Model):
    """A duty of a person for an organiser; one person may have several."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="duties")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="duties")
    duty = models.CharField(max_length=12, choices=Duty)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation", "duty"], name="duty_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.duty} of {self.organisation_id}"


class Invitation(models.Model):
    """A colleague asked to join. The link in the mail is signed, so the table holds no secret."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=8, choices=Role, default=Role.STAFF)
    state = models.CharField(max_length=10, choices=InvitationState, default=InvitationState.OPEN)
    invited_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("email"),
                condition=Q(state="open"),
                name="one_open_invitation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} → {self.organisation_id}"


class Verification(models.Model):
    """An organisation's request to be recognised, with its papers and the answer."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="verifications")
    legal_name = models.CharField(_("登记名称"), max_length=120)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18)
    document_ids = ArrayField(models.BigIntegerField(), default=list)
    state = models.CharField(
        max_length=10, choices=VerificationState, default=VerificationState.PENDING
    )
    reason = models.CharField(max_length=400, blank=True, default="")
    asked_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    answered_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(state="pending"),
                name="one_pending_verification",
            )
        ]

    def __str__(self) -> str:
        return f"{self.legal_name} ({self.state})"


class ApiToken(models.Model):
    """A key for the API: only its digest is kept; it acts as its person within its scopes."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens")
    name = models.CharField(_("用途"), max_length=60)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=40), default=list)
    created_at = models.DateTimeField(db_default=Now())
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.prefix}… {self.name}"
