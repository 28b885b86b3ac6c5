"""How often, when and for whom a milestone past its day was reminded of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contracts", "0004_papers_language")]
    operations = [
        migrations.AddField(
            model_name="milestone",
            name="chased",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="milestone", name="chased_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="milestone", name="chased_for", field=models.BigIntegerField(null=True)
        ),
    ]
