"""A job's reports beside its decisions: the year's account, the comparison with another plan, and the summary."""
