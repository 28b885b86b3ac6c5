"""What bidders rely on, promised by the database itself."""

from django.db import migrations

RULES = """
-- A version is for good. Its content may appear once, when the seal is opened after the deadline.
CREATE FUNCTION sourcing_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  due timestamptz;
  secret boolean;
BEGIN
  SELECT r.closes_at, r.sealed INTO due, secret
    FROM sourcing_quotation q JOIN sourcing_rfq r ON r.id = q.rfq_id WHERE q.id = NEW.quotation_id;
  IF secret AND NEW.content IS NOT NULL AND (due IS NULL OR clock_timestamp() < due) THEN
    RAISE EXCEPTION 'quotation % is sealed until %', NEW.quotation_id, due
      USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND (
     (NEW.id, NEW.quotation_id, NEW.number, NEW.revision, NEW.sealed, NEW.digest, NEW.at)
       IS DISTINCT FROM
     (OLD.id, OLD.quotation_id, OLD.number, OLD.revision, OLD.sealed, OLD.digest, OLD.at)
     OR (OLD.content IS NOT NULL AND NEW.content IS DISTINCT FROM OLD.content)) THEN
    RAISE EXCEPTION 'versions of a quotation do not change' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER version_stays BEFORE INSERT OR UPDATE ON sourcing_quotationversion
  FOR EACH ROW EXECUTE FUNCTION sourcing_version_stays();
CREATE TRIGGER version_is_kept BEFORE DELETE ON sourcing_quotationversion
  FOR EACH ROW EXECUTE FUNCTION foundation_append_only();

-- Nobody moves a published deadline forward, lifts a seal or changes the weights.
CREATE FUNCTION sourcing_terms_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'draft' AND (NEW.closes_at < OLD.closes_at OR NEW.sealed IS DISTINCT FROM OLD.sealed
     OR NEW.criteria IS DISTINCT FROM OLD.criteria OR NEW.currency <> OLD.currency
     OR (OLD.state <> 'open' AND NEW.closes_at IS DISTINCT FROM OLD.closes_at)) THEN
    RAISE EXCEPTION 'published terms of request % do not change', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER terms_stay BEFORE UPDATE ON sourcing_rfq
  FOR EACH ROW EXECUTE FUNCTION sourcing_terms_stay();

-- The shares of a winner and its partners are the whole.
CREATE FUNCTION sourcing_shares_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  found bigint;
BEGIN
  SELECT sum(points) INTO found FROM sourcing_partner WHERE winner_id = NEW.winner_id;
  IF found <> 10000 THEN
    RAISE EXCEPTION 'shares of winner % add up to %', NEW.winner_id, found
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER partner_shares_whole AFTER INSERT OR UPDATE ON sourcing_partner
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sourcing_shares_whole();
"""

UNDO = """
DROP TRIGGER partner_shares_whole ON sourcing_partner;
DROP FUNCTION sourcing_shares_whole();
DROP TRIGGER terms_stay ON sourcing_rfq;
DROP FUNCTION sourcing_terms_stay();
DROP TRIGGER version_is_kept ON sourcing_quotationversion;
DROP TRIGGER version_stays ON sourcing_quotationversion;
DROP FUNCTION sourcing_version_stays();
"""


class Migration(migrations.Migration):

    dependencies = [("sourcing", "0001_requests"), ("foundation", "0002_append_only_and_cache")]

    operations = [migrations.RunSQL(RULES, UNDO)]
