"""What a party does with notifications: one module for each act."""
