"""Messages to parties outside: their kinds of work, and delivering a message (`delivering`)."""
