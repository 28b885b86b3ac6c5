"""Booths of a hall do not overlap; a stage of a released version holds one session at a time.

Without btree_gist an id is compared as a range of one value.
"""

from django.db import migrations

# Decimetres are whole numbers, so shrinking by a tenth lets neighbours touch: box && counts edges.
BOOTHS = """
ALTER TABLE expo_booth ADD CONSTRAINT booths_do_not_overlap EXCLUDE USING gist (
  int8range(hall_id, hall_id, '[]') WITH &&,
  box(point(x + 0.1, y + 0.1), point(x + width - 0.1, y + depth - 0.1)) WITH &&
) DEFERRABLE INITIALLY IMMEDIATE
"""
SLOTS = """
ALTER TABLE expo_slot ADD CONSTRAINT one_session_at_a_time EXCLUDE USING gist (
  int8range(version_id, version_id, '[]') WITH &&,
  int8range(stage_id, stage_id, '[]') WITH &&,
  tstzrange(starts_at, ends_at, '[)') WITH &&
)
"""


class Migration(migrations.Migration):
    dependencies = [("expo", "0001_initial")]
    operations = [
        migrations.RunSQL(BOOTHS, "ALTER TABLE expo_booth DROP CONSTRAINT booths_do_not_overlap"),
        migrations.RunSQL(SLOTS, "ALTER TABLE expo_slot DROP CONSTRAINT one_session_at_a_time"),
    ]
