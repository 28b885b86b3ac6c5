"""The truth about what can be found; the index under SEARCH_ROOT is made from it."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class SearchDocument(models.Model):
    """One thing that can be found, or (`removed`) that must leave the index.

    `ticket` changes with every write: the indexer marks a row done only if it is the one it read.
    """

    kind = models.CharField(max_length=24)
    object_id = models.BigIntegerField()
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True, default="")
    summary = models.TextField(blank=True, default="")
    summary_en = models.TextField(blank=True, default="")
    body = models.TextField(blank=True, default="")
    keywords = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    url = models.CharField(max_length=400)
    picture_asset_id = models.BigIntegerField(null=True, blank=True)
    facets = models.JSONField(default=dict)
    price_minor = models.BigIntegerField(null=True, blank=True)
    audience = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    boost = models.FloatField(default=1.0)
    digest = models.CharField(max_length=64)
    ticket = models.UUIDField(default=uuid.uuid4)
    removed = models.BooleanField(default=False)
    indexed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="search_document_once"),
            models.CheckConstraint(
                condition=Q(boost__gte=0.25) & Q(boost__lte=4), name="search_boost_in_bounds"
            ),
        ]
        indexes = [
            models.Index("id", condition=Q(indexed_at=None), name="search_document_dirty"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.object_id} {self.title}"


class FacetName(models.Model):
    """The words for a value of a facet, in both languages."""

    facet = models.CharField(max_length=12)
    value = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["facet", "value"], name="facet_name_once")]

    def __str__(self) -> str:
        return f"{self.facet}:{self.value} {self.name}"
