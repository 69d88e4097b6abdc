"""`python -m huimin.cli`."""

import sys

from huimin.cli import main

sys.exit(main())
