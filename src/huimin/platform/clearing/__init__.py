"""What the plan owes hospitals for what they credited: a statement a month, answered line by line, and paid."""
