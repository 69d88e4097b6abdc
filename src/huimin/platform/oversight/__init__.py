"""Statistics for the bureau and the insurers: read only."""
