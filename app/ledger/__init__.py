"""What happened, and by whom, provable and without a story: an append-only log under an RFC 6962 tree."""
