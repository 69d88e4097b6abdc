"""Orders, family, policies: how a resident comes to be covered."""
