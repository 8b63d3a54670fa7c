"""Questions and changes of the counting by month: following the ledger, and reading a month page by page."""

from typing import Any

from sqlalchemy import Select, bindparam, select, update

from app.oversight.models import COUNTS, oversight_counts, oversight_months, oversight_place
from app.oversight.policy import TIMES
from app.placements.models import clocks, notifications, placements, recipients

_M = oversight_months.c
_N, _R, _P, _K, _O = notifications.c, recipients.c, placements.c, clocks.c, oversight_counts.c

PLACE: Select[Any] = select(oversight_place.c.position).where(oversight_place.c.id == 1)
MOVE = (
    update(oversight_place)
    .where(oversight_place.c.id == 1, oversight_place.c.position == bindparam("was"))
    .values(position=bindparam("now"))
)
SENT_BY: Select[Any] = select(_N.id, _N.organisation_code).where(_N.id.in_(bindparam("ids", expanding=True)))
TELL = (
    update(oversight_months)
    .where(_M.organisation_code == bindparam("b_organisation"), _M.month == bindparam("b_month"))
    .values(told=bindparam("b_told"))
)
DUE: Select[Any] = (
    select(_M.organisation_code, _M.month, _M.told)
    .where(_M.told > _M.counted, _M.organisation_code > "")
    .order_by(_M.organisation_code, _M.month)
    .limit(1)
)
COUNTED = (
    update(oversight_months)
    .where(
        _M.organisation_code == bindparam("b_organisation"),
        _M.month == bindparam("b_month"),
        _M.counted < bindparam("b_told"),
    )
    .values(counted=bindparam("b_told"))
)
SENT_IN: Select[Any] = (
    select(_N.id, _N.kind, _N.urgency, _N.placement_id, _P.host_area)
    .select_from(notifications.join(placements, _P.id == _N.placement_id))
    .where(_N.organisation_code == bindparam("organisation"), _N.id > bindparam("after"), _N.id < bindparam("last"))
    .order_by(_N.id)
    .limit(bindparam("limit"))
)
TOLD: Select[Any] = select(
    _R.notification_id,
    _R.organisation_code,
    _R.function,
    _R.side,
    _R.sent_at,
    _R.acknowledge_by,
    _R.retrieved_at,
    _R.opened_at,
    _R.acknowledged_at,
).where(_R.notification_id.in_(bindparam("ids", expanding=True)))
CLOCKS: Select[Any] = select(_K.notification_id, _K.code, _K.due_at, _K.met_at).where(
    _K.placement_id.in_(bindparam("ids", expanding=True))
)
HELD: Select[Any] = select(_O.organisation_code, _O.side, _O.partner_code, _O.function).where(
    _O.sender_code == bindparam("sender"), _O.month == bindparam("month")
)
REPLACE = (
    update(oversight_counts)
    .where(
        _O.organisation_code == bindparam("b_organisation_code"),
        _O.side == bindparam("b_side"),
        _O.month == bindparam("b_month"),
        _O.partner_code == bindparam("b_partner_code"),
        _O.function == bindparam("b_function"),
    )
    .values({name: bindparam(f"b_{name}") for name in (*COUNTS, *TIMES)})
)
