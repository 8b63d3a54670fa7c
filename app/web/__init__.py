"""HTTP mechanics shared by every route: bodies, problems, paging, entity tags, one line of log."""
