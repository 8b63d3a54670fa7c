"""Oversight over HTTP: two lists, one report, one sample; each as JSON or as a spreadsheet."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from app.access.guard import allowed
from app.oversight import schemas
from app.oversight.service import sampling, sufficiency, watching
from app.oversight.service import timeliness as report
from app.oversight.sheets import as_sheet
from app.security.scopes import Scope
from app.web.answer import Answer
from app.web.openapi import returns
from app.web.paging import DEFAULT_LIMIT, MAX_LIMIT
from app.work.unit import Work

router = APIRouter(tags=["Oversight"])

Side = Annotated[
    Literal["placing", "host"],
    Query(description="placing: the children your authority looks after; host: those who live in your area"),
]
Month = Annotated[str | None, Query(pattern=r"^\d{4}-\d{2}$", description="Such as 2026-11; else the last one over")]
Quarter = Annotated[
    str | None,
    Query(pattern=r"^\d{4}-Q[1-4]$", description="A quarter that is over, such as 2026-Q3; else the last one"),
]
Cursor = Annotated[str | None, Query(description="next_cursor of the page before, as it was given", max_length=512)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
Seed = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9-]{1,64}$", description="Of a sample to draw again")]
Size = Annotated[int, Query(ge=1, le=100)]
First = Annotated[date | None, Query(alias="from", description="Told of on this day or later")]
Last = Annotated[date | None, Query(alias="to", description="Told of on this day or earlier")]

_CSV = "text/csv"
_PATH = "/v1/oversight"


@router.get(
    f"{_PATH}/unregistered",
    responses=returns(200, schemas.Settings, "Children in settings of concern", also_as=(_CSV,)),
)
def read_unregistered(
    request: Request,
    work: Annotated[Work, allowed(Scope.OVERSIGHT_READ)],
    side: Side = "placing",
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Answer:
    """Children in a setting that should be registered and is not, or that is unsuitable for now. Recorded."""
    page = work.write(watching.unregistered, request.app.state.cursors, watching.Asked(side, cursor, limit))
    told = {"items": page.rows, "next_cursor": page.next_cursor}
    return _answer(request, "unregistered", schemas.Setting, told, {"side": side, "limit": limit})


@router.get(
    f"{_PATH}/out-of-area",
    responses=returns(200, schemas.AwayFromHome, "Children placed out of their area", also_as=(_CSV,)),
)
def read_out_of_area(
    request: Request,
    work: Annotated[Work, allowed(Scope.OVERSIGHT_READ)],
    side: Side = "placing",
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Answer:
    """Children placed out of their own authority's area, with the clock of the fortnightly look. Recorded."""
    page = work.write(watching.out_of_area, request.app.state.cursors, watching.Asked(side, cursor, limit))
    told = {"items": page.rows, "next_cursor": page.next_cursor}
    return _answer(request, "out-of-area", schemas.Away, told, {"side": side, "limit": limit})


@router.get(
    f"{_PATH}/timeliness",
    responses=returns(200, schemas.Timeliness, "How well everybody was told in a month", also_as=(_CSV,)),
)
def read_timeliness(  # one parameter for each of the query
    request: Request,
    work: Annotated[Work, allowed(Scope.OVERSIGHT_READ)],
    side: Side = "placing",
    month: Month = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Answer:
    """By partner and function: how many were told, how soon, and what became of it. Small numbers are kept back."""
    told = work.read(report.timeliness, request.app.state.cursors, report.Asked(side, month, cursor, limit))
    same = {"side": side, "month": told["month"], "limit": limit}
    return _answer(request, "timeliness", schemas.PartnerLine, told, same)


@router.get(
    f"{_PATH}/ethnicity",
    responses=returns(200, schemas.ByEthnicity, "Placements begun in a quarter, by ethnicity", also_as=(_CSV,)),
)
def read_by_ethnicity(
    request: Request, work: Annotated[Work, allowed(Scope.OVERSIGHT_READ)], quarter: Quarter = None
) -> Answer:
    """By ethnic group: how many began, in an emergency, far away, in what settings. Small numbers are kept back."""
    told = work.write(sufficiency.by_ethnicity, quarter)
    return _answer(request, "ethnicity", schemas.EthnicityLine, told, {})


@router.get(
    f"{_PATH}/unmet-needs",
    responses=returns(200, schemas.UnmetNeeds, "Needs that no home could meet, in a quarter", also_as=(_CSV,)),
)
def read_unmet_needs(
    request: Request, work: Annotated[Work, allowed(Scope.OVERSIGHT_READ)], quarter: Quarter = None
) -> Answer:
    """For how many placements each need could be met by no home that was asked. Small numbers are kept back."""
    told = work.write(sufficiency.unmet_needs, quarter)
    return _answer(request, "unmet-needs", schemas.UnmetNeed, told, {})


@router.get(
    f"{_PATH}/sample",
    responses=returns(200, schemas.Sample, "Placements drawn by chance", also_as=(_CSV,)),
)
def draw_sample(  # one parameter for each of the query
    request: Request,
    work: Annotated[Work, allowed(Scope.OVERSIGHT_SAMPLE)],
    seed: Seed = None,
    size: Size = 10,
    first: First = None,
    last: Last = None,
) -> Answer:
    """Draw placements of your authority to look at closely; the same seed and days draw the same again. Recorded."""
    told = work.write(sampling.sample, sampling.Asked(seed, size, first, last))
    return _answer(request, "sample", schemas.Sampled, told, {})


def _answer(
    request: Request, name: str, model: type[BaseModel], told: Mapping[str, Any], same: Mapping[str, Any]
) -> Answer:
    """As JSON, or as a spreadsheet whose next page is linked."""
    if _CSV not in request.headers.get("accept", "").lower():
        return Answer(orjson.dumps(told))
    items: Sequence[Mapping[str, Any]] = told["items"]
    headers = {
        "Content-Type": f"{_CSV}; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{name}.csv"',
    }
    if more := told.get("next_cursor"):
        headers["Link"] = f'<{_PATH}/{name}?{urlencode({**same, "cursor": more})}>; rel="next"'
    return Answer(as_sheet(model, items), headers=headers)
