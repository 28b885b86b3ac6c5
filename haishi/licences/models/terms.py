"""The columns in which offers, proposals and licences hold their terms."""

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from haishi.licences.states import Base, Exclusivity, Medium, Period, Right, Stage
from haishi.licences.types import Terms


class TermsRow(models.Model):
    """See `types.Terms` for what each column means."""

    rights = ArrayField(models.CharField(max_length=12, choices=Right), verbose_name=_("权利"))
    exclusivity = models.CharField(_("独占性"), max_length=14, choices=Exclusivity)
    territories = ArrayField(models.CharField(max_length=3), verbose_name=_("地域"))
    media = ArrayField(
        models.CharField(max_length=12, choices=Medium), verbose_name=_("品类与媒介")
    )
    languages = ArrayField(models.CharField(max_length=2), verbose_name=_("语言"))
    starts_on = models.DateField(_("起始日"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("授权期（月）"))
    sell_off_months = models.PositiveSmallIntegerField(_("清货期（月）"), default=0)
    sublicensing = models.BooleanField(_("可转授权"), default=False)
    guarantee_minor = models.BigIntegerField(_("保底金"), default=0)
    currency = models.CharField(_("货币"), max_length=3, default="CNY")
    rates = models.JSONField(_("版税率"), default=dict, encoder=DjangoJSONEncoder)
    base = models.CharField(_("计算基数"), max_length=10, choices=Base, default=Base.NET)
    period = models.CharField(_("报告周期"), max_length=8, choices=Period, default=Period.QUARTER)
    audit = models.BooleanField(_("审计权"), default=True)
    stages = ArrayField(
        models.CharField(max_length=12, choices=Stage), verbose_name=_("监修阶段"), default=list
    )
    review_days = models.PositiveSmallIntegerField(_("监修答复期限（天）"), default=10)
    seats = models.PositiveSmallIntegerField(_("席位"), default=3)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(months__gt=0, guarantee_minor__gte=0, seats__gt=0, review_days__gt=0),
                name="%(class)s_terms_of_something",
            ),
        ]

    @property
    def terms(self) -> Terms:
        """The terms as a value."""
        return Terms.of(self)
