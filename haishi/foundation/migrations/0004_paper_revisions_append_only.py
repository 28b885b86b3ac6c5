"""What was signed refuses UPDATE, DELETE and TRUNCATE, as the audit log does."""

from django.db import migrations

RULES = """
CREATE TRIGGER paper_revision_append_only BEFORE UPDATE OR DELETE ON foundation_paperrevision
  FOR EACH ROW EXECUTE FUNCTION foundation_append_only();
CREATE TRIGGER paper_revision_no_truncate BEFORE TRUNCATE ON foundation_paperrevision
  FOR EACH STATEMENT EXECUTE FUNCTION foundation_append_only();
"""
UNDO = """
DROP TRIGGER paper_revision_append_only ON foundation_paperrevision;
DROP TRIGGER paper_revision_no_truncate ON foundation_paperrevision;
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0003_issued_papers")]
    operations = [migrations.RunSQL(RULES, UNDO)]
