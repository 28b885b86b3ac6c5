"""What was fetched, reported and settled stays as it was written."""

from django.db import migrations

RULES = """
CREATE FUNCTION licences_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is not changed afterwards', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER access_stays BEFORE UPDATE OR DELETE ON licences_access
  FOR EACH ROW EXECUTE FUNCTION licences_keeps();
CREATE TRIGGER proposal_stays BEFORE UPDATE OR DELETE ON licences_proposal
  FOR EACH ROW EXECUTE FUNCTION licences_keeps();
CREATE TRIGGER report_stays BEFORE UPDATE OR DELETE ON licences_report
  FOR EACH ROW EXECUTE FUNCTION licences_keeps();
CREATE TRIGGER sales_line_stays BEFORE UPDATE OR DELETE ON licences_salesline
  FOR EACH ROW EXECUTE FUNCTION licences_keeps();
CREATE TRIGGER statement_stays BEFORE DELETE ON licences_statement
  FOR EACH ROW EXECUTE FUNCTION licences_keeps();
CREATE TRIGGER statement_figures_stay BEFORE UPDATE ON licences_statement
  FOR EACH ROW WHEN (
    (OLD.report_id, OLD.licence_id, OLD.number, OLD.currency, OLD.earned_minor, OLD.before_minor,
     OLD.due_minor, OLD.after_minor, OLD.lines)
    IS DISTINCT FROM
    (NEW.report_id, NEW.licence_id, NEW.number, NEW.currency, NEW.earned_minor, NEW.before_minor,
     NEW.due_minor, NEW.after_minor, NEW.lines))
  EXECUTE FUNCTION licences_keeps();
"""
UNDO = """
DROP TRIGGER access_stays ON licences_access;
DROP TRIGGER proposal_stays ON licences_proposal;
DROP TRIGGER report_stays ON licences_report;
DROP TRIGGER sales_line_stays ON licences_salesline;
DROP TRIGGER statement_stays ON licences_statement;
DROP TRIGGER statement_figures_stay ON licences_statement;
DROP FUNCTION licences_keeps();
"""


class Migration(migrations.Migration):
    dependencies = [("licences", "0001_licences")]
    operations = [migrations.RunSQL(RULES, UNDO)]
