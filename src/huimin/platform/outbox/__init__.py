"""Messages on their way to parties outside: kinds of work, and taking a message to whom it is for (`delivering`)."""
