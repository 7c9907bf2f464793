"""`python -m kiosk …` is the same as `kiosk …`."""

import sys

from kiosk.app.commands import main

sys.exit(main())
