"""The unit of work: who acts, when, in which transaction; the only writer of the ledger and the outbox."""
