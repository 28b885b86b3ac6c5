"""Invoices are never changed or deleted, and their sums always reconcile with the money."""

from django.db import migrations

RULES = """
CREATE TRIGGER invoice_append_only BEFORE UPDATE OR DELETE ON trade_invoice
  FOR EACH ROW EXECUTE FUNCTION foundation_append_only();

CREATE FUNCTION trade_invoice_reconciles() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  kept bigint;
  net bigint;
  tax bigint;
BEGIN
  IF NEW.blue_id IS NULL THEN
    SELECT o.total_minor - coalesce((
        SELECT sum(r.amount_minor) FROM trade_refund r JOIN trade_payment p ON p.id = r.payment_id
         WHERE p.order_id = o.id AND r.state IN ('instructed', 'done') AND NOT r.late), 0)
      INTO kept FROM trade_order o WHERE o.id = NEW.order_id AND o.paid_at IS NOT NULL;
    SELECT sum(amount_minor) INTO net FROM trade_invoice WHERE order_id = NEW.order_id;
    IF kept IS NULL OR net > kept THEN
      RAISE EXCEPTION 'invoices of order % exceed what was paid and kept', NEW.order_id
        USING ERRCODE = 'check_violation';
    END IF;
    SELECT sum(i.amount_minor) - q.amount_minor INTO net
      FROM trade_invoicerequest q JOIN trade_invoice i ON i.request_id = q.id AND i.blue_id IS NULL
     WHERE q.id = NEW.request_id AND q.order_id = NEW.order_id GROUP BY q.id;
    IF net IS NULL OR net > 0 THEN
      RAISE EXCEPTION 'invoices of request % exceed it', NEW.request_id
        USING ERRCODE = 'check_violation';
    END IF;
  ELSE
    SELECT sum(amount_minor), sum(tax_minor) INTO net, tax FROM trade_invoice
     WHERE (id = NEW.blue_id AND blue_id IS NULL AND order_id = NEW.order_id)
        OR blue_id = NEW.blue_id;
    IF net < 0 OR tax < 0 OR (net = 0 AND tax <> 0) THEN
      RAISE EXCEPTION 'red invoices exceed invoice %', NEW.blue_id
        USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER invoice_reconciles AFTER INSERT ON trade_invoice
  FOR EACH ROW EXECUTE FUNCTION trade_invoice_reconciles();
"""
UNDO = """
DROP TRIGGER invoice_reconciles ON trade_invoice;
DROP FUNCTION trade_invoice_reconciles();
DROP TRIGGER invoice_append_only ON trade_invoice;
"""


class Migration(migrations.Migration):
    dependencies = [("trade", "0010_invoices")]
    operations = [migrations.RunSQL(RULES, UNDO)]
