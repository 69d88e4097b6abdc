"""What is asked about a policy, and what a person has to look at: one queue, decided by two people."""
