"""How often a race is played: ten times in the suite, a hundred times by `make faults`."""

import os

ROUNDS = int(os.environ.get("RACE_ROUNDS", "10"))
