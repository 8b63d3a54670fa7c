"""Who is calling, for whom, in which function, with what rights. Knows nothing of HTTP or the features."""
