"""A contract without milestones: what it makes payable is billed by what it comes from."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contracts", "0002_settled_by_a_mediator")]
    operations = [
        migrations.RemoveConstraint(model_name="contract", name="contract_costs_something"),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(("total_minor__gte", 0)),
                name="contract_costs_no_less_than_nothing",
            ),
        ),
    ]
