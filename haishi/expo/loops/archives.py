"""Archives of closed editions are built, one after the other."""

from haishi.expo import services
from haishi.foundation.loops import loop

loop("expo-archives", 5.0)(services.build_due)
