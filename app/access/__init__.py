"""Who may do what: the guard that gives a route its unit of work, tokens, and disclosure applied."""
