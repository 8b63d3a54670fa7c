"""The health passport: kept in versions, read by view, carried over a move."""
