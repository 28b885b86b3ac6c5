from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    # Built beside the running site: a table of products is read all the time.
    atomic = False
    dependencies = [("catalogue", "0002_second_look")]

    operations = [
        AddIndexConcurrently(
            model_name="product",
            index=models.Index(
                fields=["price_minor", "-id"],
                condition=Q(state="listed", currency="CNY", price_minor__isnull=False),
                name="product_price",
            ),
        ),
        AddIndexConcurrently(
            model_name="product",
            index=models.Index(
                fields=["submitted_at", "id"],
                condition=Q(state="submitted"),
                name="product_waiting",
            ),
        ),
        AddIndexConcurrently(
            model_name="product",
            index=models.Index(
                fields=["updated_at", "id"],
                condition=Q(unreviewed=True),
                name="product_unreviewed",
            ),
        ),
    ]
