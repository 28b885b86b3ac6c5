"""`python -m haishi` is the command `haishi`."""

from haishi.config.cli import main

raise SystemExit(main())
