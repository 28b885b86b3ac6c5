"""The thread of a dispute is evidence: nothing of it is changed or taken away."""

from django.db import migrations

RULES = """
CREATE TRIGGER disputestep_append_only BEFORE UPDATE OR DELETE ON trade_disputestep
  FOR EACH ROW EXECUTE FUNCTION foundation_append_only();
"""
UNDO = "DROP TRIGGER disputestep_append_only ON trade_disputestep;"


class Migration(migrations.Migration):
    dependencies = [("trade", "0008_disputes")]
    operations = [migrations.RunSQL(RULES, UNDO)]
