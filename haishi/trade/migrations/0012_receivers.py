"""Accounts that a provider knows as receivers of parts."""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("trade", "0011_invoices_reconcile")]
    operations = [
        migrations.CreateModel(
            name="Receiver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("provider", models.CharField(max_length=20)),
                ("account", models.CharField(max_length=64)),
                ("holder", models.CharField(blank=True, default="", max_length=80)),
                ("admitted_at", models.DateTimeField(db_default=Now())),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "account", "holder"), name="receiver_once"
                    )
                ]
            },
        ),
    ]
