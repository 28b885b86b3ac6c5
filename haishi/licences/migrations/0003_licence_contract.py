"""A licence is signed as a contract."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("licences", "0002_books_stay")]
    operations = [
        migrations.AddField(
            model_name="licence",
            name="contract",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
    ]
