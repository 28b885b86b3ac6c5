"""Milestones of which nothing was handed over, by their day."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

WAITING = ("planned", "billed", "refunded", "funded", "returned")


class Migration(migrations.Migration):
    atomic = False  # beside the running site
    dependencies = [("contracts", "0005_overdue_milestones")]
    operations = [
        AddIndexConcurrently(
            model_name="milestone",
            index=models.Index("due", condition=Q(state__in=WAITING), name="milestone_waits"),
        ),
    ]
