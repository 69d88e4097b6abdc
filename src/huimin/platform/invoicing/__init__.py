"""Electronic invoices for what payers paid, and red ones for what goes back of it."""
