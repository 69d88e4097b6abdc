"""The demonstration city: invented, seeded, the same on every machine. None of its people exist."""
