"""What law, guidance and practice ask for, as tables with their basis and their reach. Pure."""
