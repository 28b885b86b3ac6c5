"""What the ledger promises, promised by the database itself."""

from django.db import migrations

RULES = """
CREATE FUNCTION trade_entry_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wanted smallint;
  found bigint;
BEGIN
  SELECT lines INTO wanted FROM trade_entry WHERE id = NEW.entry_id;
  SELECT count(*) INTO found FROM trade_posting WHERE entry_id = NEW.entry_id;
  IF wanted <> found THEN
    RAISE EXCEPTION 'entry % has % lines, not %', NEW.entry_id, wanted, found
      USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT FROM trade_posting p JOIN trade_account a ON a.id = p.account_id
              WHERE p.entry_id = NEW.entry_id GROUP BY a.currency HAVING sum(p.amount) <> 0) THEN
    RAISE EXCEPTION 'entry % does not balance', NEW.entry_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER posting_entry_whole AFTER INSERT ON trade_posting
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION trade_entry_whole();

CREATE FUNCTION trade_keep_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE trade_account SET balance = balance + NEW.amount * side
   WHERE id = NEW.account_id AND balance IS NOT NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER posting_keep_balance AFTER INSERT ON trade_posting
  FOR EACH ROW EXECUTE FUNCTION trade_keep_balance();

CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE ON trade_entry
  FOR EACH ROW EXECUTE FUNCTION foundation_append_only();
CREATE TRIGGER entry_no_truncate BEFORE TRUNCATE ON trade_entry
  FOR EACH STATEMENT EXECUTE FUNCTION foundation_append_only();
CREATE TRIGGER posting_append_only BEFORE UPDATE OR DELETE ON trade_posting
  FOR EACH ROW EXECUTE FUNCTION foundation_append_only();
CREATE TRIGGER posting_no_truncate BEFORE TRUNCATE ON trade_posting
  FOR EACH STATEMENT EXECUTE FUNCTION foundation_append_only();

-- An account is what it was opened as; only the trigger above moves its balance.
CREATE FUNCTION trade_account_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR pg_trigger_depth() < 2 OR (NEW.code, NEW.currency, NEW.side, NEW.floor)
     IS DISTINCT FROM (OLD.code, OLD.currency, OLD.side, OLD.floor) THEN
    RAISE EXCEPTION 'accounts do not change' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER account_stays BEFORE UPDATE OR DELETE ON trade_account
  FOR EACH ROW EXECUTE FUNCTION trade_account_stays();
"""
UNDO = """
DROP TRIGGER account_stays ON trade_account;
DROP FUNCTION trade_account_stays();
DROP TRIGGER posting_no_truncate ON trade_posting;
DROP TRIGGER posting_append_only ON trade_posting;
DROP TRIGGER entry_no_truncate ON trade_entry;
DROP TRIGGER entry_append_only ON trade_entry;
DROP TRIGGER posting_keep_balance ON trade_posting;
DROP FUNCTION trade_keep_balance();
DROP TRIGGER posting_entry_whole ON trade_posting;
DROP FUNCTION trade_entry_whole();
"""


class Migration(migrations.Migration):
    dependencies = [("trade", "0001_ledger"), ("foundation", "0002_append_only_and_cache")]
    operations = [migrations.RunSQL(RULES, UNDO)]
