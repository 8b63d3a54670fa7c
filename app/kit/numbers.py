"""Numbers as people read them out."""


def read_out(nhs_number: str) -> str:
    """An NHS number in its three groups, never broken over two lines: 999 000 0018."""
    return f"{nhs_number[:3]}\u00a0{nhs_number[3:6]}\u00a0{nhs_number[6:]}"
