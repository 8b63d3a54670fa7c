"""Uploaded documents: their versions, who may open them, and who has. Nothing here is ever on a disk unsealed."""
