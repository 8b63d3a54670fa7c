"""The published documents, typed to their leaves: what may be sent, and the codes it may use."""
