"""Which records are one child's: how a question finds what stands under any of them."""

from sqlalchemy import ColumnElement, func, select, union_all

from app.children.models import children


def any_record(column: ColumnElement[str], child_id: ColumnElement[str]) -> ColumnElement[bool]:
    """A record of this child: the one that is named, the one that is kept in its place, or one merged into either."""
    named, beside = children.alias("named"), children.alias("beside")
    return column.in_(
        union_all(
            select(func.coalesce(named.c.merged_into, named.c.id))
            .where(named.c.id == child_id)
            .correlate_except(named),
            select(beside.c.id)
            .select_from(named.join(beside, beside.c.merged_into == func.coalesce(named.c.merged_into, named.c.id)))
            .where(named.c.id == child_id)
            .correlate_except(named, beside),
        )
    )
