"""Keys and what is sealed under them. Nothing here knows what a child or a notification is."""
