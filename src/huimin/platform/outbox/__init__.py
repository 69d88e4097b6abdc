"""Messages on their way to parties outside: kinds of work whose tasks `delivering` takes to whom they are for."""
