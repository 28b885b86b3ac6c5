"""Payments that are made inside WeChat's own browser."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trade", "0012_receivers")]
    operations = [
        migrations.AddField("payment", "inside", models.BooleanField(default=False)),
    ]
