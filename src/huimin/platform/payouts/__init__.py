"""What the plan owes the insured is paid to their bank accounts, once, and what comes back is owed again."""
