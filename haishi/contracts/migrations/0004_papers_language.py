"""In which language the papers of a contract are written; those that exist are in both."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contracts", "0003_contracts_may_cost_nothing")]
    operations = [
        migrations.AddField(
            model_name="contract",
            name="language",
            field=models.CharField(
                choices=[("both", "中英双语"), ("zh", "只用中文"), ("en", "只用英文")],
                default="both",
                max_length=4,
            ),
        ),
    ]
