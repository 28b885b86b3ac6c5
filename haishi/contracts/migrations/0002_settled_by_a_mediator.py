"""A mediator may share the money of a milestone that was never accepted: there is no paper then."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contracts", "0001_contracts")]

    operations = [
        migrations.RemoveConstraint("milestone", "milestone_accepted_on_paper"),
        migrations.AddConstraint(
            "milestone",
            models.CheckConstraint(
                condition=models.Q(("state", "accepted"), _negated=True)
                | models.Q(paper__isnull=False),
                name="milestone_accepted_on_paper",
            ),
        ),
    ]
