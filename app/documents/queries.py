"""Every question asked of documents. What a caller may know of the answer is decided in ``service``."""

from sqlalchemy import and_, bindparam, func, select, update

from app.documents.models import document_receipts, document_versions, documents

_D, _V, _R = documents.c, document_versions.c, document_receipts.c

_ours = and_(_D.child_id == bindparam("child_id"), _D.organisation_code == bindparam("organisation"))
_of_records = and_(
    _D.child_id.in_(bindparam("records", expanding=True)), _D.organisation_code == bindparam("organisation")
)
_FACTS = (
    _D.id,
    _D.child_id,
    _D.owner_kind,
    _D.owner_id,
    _D.type,
    _D.version,
    _D.sealed,
    _D.wrapped,
    _D.created_at,
    _V.id.label("version_id"),
    _V.number,
    _V.blob,
    _V.media_type,
    _V.size,
    _V.commitment,
    _V.sealed.label("digest"),
    _V.scan,
    _V.active_content,
    _V.uploaded_at,
    _V.stream,
)
_latest = documents.outerjoin(document_versions, and_(_V.document_id == _D.id, _V.number == _D.version))

DOCUMENT = select(*_FACTS).select_from(_latest).where(_D.id == bindparam("document_id"), _ours)
"""A document of one child and one controlling organisation, with its latest version, if there is any."""

DOCUMENT_AT = (
    select(*_FACTS)
    .select_from(
        documents.outerjoin(document_versions, and_(_V.document_id == _D.id, _V.number == bindparam("number")))
    )
    .where(_D.id == bindparam("document_id"), _ours)
)
"""The same with one version of it."""

AMONG = select(*_FACTS).select_from(_latest).where(_D.id.in_(bindparam("ids", expanding=True)), _of_records)
"""Those of some documents that are of this child, by any of its records, and of this organisation."""

KEPT = (
    select(*_FACTS)
    .select_from(_latest)
    .where(_of_records, _D.id > bindparam("after"))
    .order_by(_D.id)
    .limit(bindparam("limit"))
)
"""A page of the documents of a child's records."""

FOLLOWING = (
    select(*_FACTS, _V.practitioner_id)
    .select_from(_latest)
    .where(_of_records, _D.owner_kind == bindparam("kind"))
    .order_by(_D.id)
)
"""Every document of a child who passes on to another authority, with its latest version."""

RECEIPT = select(_R.retrieved_at, _R.opened_at).where(
    _R.document_id == bindparam("document_id"),
    _R.number == bindparam("number"),
    _R.organisation_code == bindparam("organisation"),
    _R.function == bindparam("function"),
)
RECEIPTS = (
    select(document_receipts)
    .where(_R.document_id.in_(bindparam("ids", expanding=True)))
    .order_by(_R.document_id, _R.number, _R.organisation_code, _R.function)
)

BLOBS = select(_V.blob).where(_V.blob.in_(bindparam("ids", expanding=True)))
"""Those of some blobs that a version names."""

COUNT_ON = (
    update(documents)
    .where(_D.id == bindparam("b_id"), _D.version == bindparam("b_was"))
    .values(version=bindparam("b_version"))
)
_one_receipt = and_(
    _R.document_id == bindparam("b_document_id"),
    _R.number == bindparam("b_version"),
    _R.organisation_code == bindparam("b_organisation"),
    _R.function == bindparam("b_function"),
)
MARK_OPENED = (
    update(document_receipts)
    .where(_one_receipt)
    .values(
        opened_at=func.coalesce(_R.opened_at, bindparam("b_at")),
        opened_by=func.coalesce(_R.opened_by, bindparam("b_by")),
    )
)
MARK_RETRIEVED = (
    update(document_receipts).where(_one_receipt).values(retrieved_at=func.coalesce(_R.retrieved_at, bindparam("b_at")))
)
