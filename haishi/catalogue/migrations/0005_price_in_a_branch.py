from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

PRICED = Q(state="listed", currency="CNY", price_minor__isnull=False)


class Migration(migrations.Migration):
    # Built beside the running site: a table of products is read all the time.
    atomic = False
    dependencies = [("catalogue", "0004_price_on_request")]

    operations = [
        AddIndexConcurrently(
            model_name="product",
            index=models.Index(
                fields=["category", "price_minor", "-id"],
                condition=PRICED,
                name="product_category_price",
            ),
        ),
        AddIndexConcurrently(
            model_name="product",
            index=models.Index(
                fields=["kind", "price_minor", "-id"], condition=PRICED, name="product_kind_price"
            ),
        ),
    ]
