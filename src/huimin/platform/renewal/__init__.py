"""From one cover year to the next: what is carried over, what changes, and renewing with consent."""
