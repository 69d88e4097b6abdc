"""What a job says beside its decisions: the year's account, the difference to another plan, the summary."""
