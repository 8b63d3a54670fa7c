"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BYTEWISE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "clients",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("functions", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("acts_for", sa.Text(), nullable=False),
        sa.Column("jwks", sa.Text(), nullable=False),
        sa.Column("created_at", BYTEWISE, nullable=False),
        sa.Column("revoked_at", BYTEWISE, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clients")),
    )
    with op.batch_alter_table("clients", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clients_organisation_code"), ["organisation_code"], unique=False)

    op.create_table(
        "directory_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("loaded_at", BYTEWISE, nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_directory_state_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_state")),
    )
    op.create_table(
        "ledger_entries",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("at", BYTEWISE, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
    )
    op.create_table(
        "ledger_head",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("size", POSITION, nullable=False),
        sa.Column("frontier", sa.Text(), nullable=False),
        sa.Column("root_hash", BYTEWISE, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_ledger_head_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_head")),
    )
    op.create_table(
        "organisations",
        sa.Column("code", BYTEWISE, nullable=False),
        sa.Column("code_system", BYTEWISE, nullable=False),
        sa.Column("kind", BYTEWISE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column("country", BYTEWISE, nullable=False),
        sa.Column("gss", BYTEWISE, nullable=True),
        sa.Column("valid_from", BYTEWISE, nullable=True),
        sa.Column("valid_to", BYTEWISE, nullable=True),
        sa.Column("contacts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_organisations")),
    )
    op.create_table(
        "practitioners",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("lookup", BYTEWISE, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("first_seen_at", BYTEWISE, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practitioners")),
        sa.UniqueConstraint("organisation_code", "lookup", name=op.f("uq_practitioners_organisation_code_lookup")),
    )
    op.create_table(
        "adjacent_areas",
        sa.Column("area_code", BYTEWISE, nullable=False),
        sa.Column("adjacent_code", BYTEWISE, nullable=False),
        sa.Column("evidence", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(
            ["adjacent_code"], ["organisations.code"], name=op.f("fk_adjacent_areas_adjacent_code")
        ),
        sa.ForeignKeyConstraint(["area_code"], ["organisations.code"], name=op.f("fk_adjacent_areas_area_code")),
        sa.PrimaryKeyConstraint("area_code", "adjacent_code", name=op.f("pk_adjacent_areas")),
    )
    op.create_table(
        "area_routing",
        sa.Column("area_code", BYTEWISE, nullable=False),
        sa.Column("health_code", BYTEWISE, nullable=False),
        sa.Column("valid_from", BYTEWISE, nullable=False),
        sa.Column("valid_to", BYTEWISE, nullable=True),
        sa.Column("health_share", BYTEWISE, nullable=False),
        sa.Column("is_default", sa.SmallInteger(), nullable=False),
        sa.Column("police_code", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["organisations.code"], name=op.f("fk_area_routing_area_code")),
        sa.ForeignKeyConstraint(["health_code"], ["organisations.code"], name=op.f("fk_area_routing_health_code")),
        sa.ForeignKeyConstraint(["police_code"], ["organisations.code"], name=op.f("fk_area_routing_police_code")),
        sa.PrimaryKeyConstraint("area_code", "health_code", "valid_from", name=op.f("pk_area_routing")),
    )
    op.create_table(
        "assertions",
        sa.Column("digest", BYTEWISE, nullable=False),
        sa.Column("client_id", BYTEWISE, nullable=False),
        sa.Column("jti", BYTEWISE, nullable=False),
        sa.Column("practitioner_id", BYTEWISE, nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", BYTEWISE, nullable=False),
        sa.Column("expires_at", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_assertions_client_id")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["practitioners.id"], name=op.f("fk_assertions_practitioner_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_assertions")),
        sa.UniqueConstraint("client_id", "jti", name=op.f("uq_assertions_client_id_jti")),
    )
    op.create_table(
        "children",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("local_id_index", BYTEWISE, nullable=False),
        sa.Column("nhs_number_index", BYTEWISE, nullable=True),
        sa.Column("name_and_birth_index", BYTEWISE, nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", BYTEWISE, nullable=False),
        sa.Column("restrictions", sa.Text(), nullable=False),
        sa.Column("created_at", BYTEWISE, nullable=False),
        sa.Column("entry_id", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_children_entry_id")),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_children_organisation_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_children")),
        sa.UniqueConstraint(
            "organisation_code", "local_id_index", name=op.f("uq_children_organisation_code_local_id_index")
        ),
    )
    with op.batch_alter_table("children", schema=None) as batch_op:
        batch_op.create_index(
            "ix_children_organisation_code_name_and_birth_index",
            ["organisation_code", "name_and_birth_index"],
            unique=False,
        )
        batch_op.create_index(
            "ix_children_organisation_code_nhs_number_index", ["organisation_code", "nhs_number_index"], unique=False
        )

    op.create_table(
        "client_keys",
        sa.Column("thumbprint", BYTEWISE, nullable=False),
        sa.Column("client_id", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_client_keys_client_id")),
        sa.PrimaryKeyConstraint("thumbprint", name=op.f("pk_client_keys")),
    )
    op.create_table(
        "delegations",
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("delegate_code", BYTEWISE, nullable=False),
        sa.Column("function", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["delegate_code"], ["organisations.code"], name=op.f("fk_delegations_delegate_code")),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_delegations_organisation_code")
        ),
        sa.PrimaryKeyConstraint("organisation_code", "delegate_code", "function", name=op.f("pk_delegations")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("key_digest", BYTEWISE, nullable=False),
        sa.Column("client_id", BYTEWISE, nullable=False),
        sa.Column("request_digest", BYTEWISE, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_idempotency_keys_client_id")),
        sa.PrimaryKeyConstraint("key_digest", name=op.f("pk_idempotency_keys")),
    )
    op.create_table(
        "ledger_leaves",
        sa.Column("position", POSITION, autoincrement=False, nullable=False),
        sa.Column("entry_id", BYTEWISE, nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_ledger_leaves_entry_id")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_ledger_leaves")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_ledger_leaves_entry_id")),
    )
    op.create_table(
        "ledger_pending",
        sa.Column("entry_id", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_ledger_pending_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_ledger_pending")),
    )
    op.create_table(
        "organisation_successions",
        sa.Column("predecessor_code", BYTEWISE, nullable=False),
        sa.Column("successor_code", BYTEWISE, nullable=False),
        sa.Column("effective_from", BYTEWISE, nullable=False),
        sa.Column("change", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(
            ["successor_code"], ["organisations.code"], name=op.f("fk_organisation_successions_successor_code")
        ),
        sa.PrimaryKeyConstraint("predecessor_code", "successor_code", name=op.f("pk_organisation_successions")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("topic", BYTEWISE, nullable=False),
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("function", BYTEWISE, nullable=False),
        sa.Column("notification_id", BYTEWISE, nullable=True),
        sa.Column("placement_id", BYTEWISE, nullable=True),
        sa.Column("recipient_id", BYTEWISE, nullable=True),
        sa.Column("entry_id", BYTEWISE, nullable=False),
        sa.Column("created_at", BYTEWISE, nullable=False),
        sa.Column("claimed_until", BYTEWISE, nullable=True),
        sa.Column("delivered_at", BYTEWISE, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_outbox_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_waiting",
            ["id"],
            unique=False,
            postgresql_where=sa.text("delivered_at IS NULL"),
            sqlite_where=sa.text("delivered_at IS NULL"),
        )

    op.create_table(
        "child_corrections",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("child_id", BYTEWISE, nullable=False),
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("practitioner_id", BYTEWISE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("corrected_at", BYTEWISE, nullable=False),
        sa.Column("entry_id", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_child_corrections_child_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_child_corrections_entry_id")),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_child_corrections_organisation_code")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioners.id"], name=op.f("fk_child_corrections_practitioner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_corrections")),
    )
    with op.batch_alter_table("child_corrections", schema=None) as batch_op:
        batch_op.create_index("ix_child_corrections_child_id_id", ["child_id", "id"], unique=False)

    op.create_table(
        "child_keys",
        sa.Column("child_id", BYTEWISE, nullable=False),
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("master_key_id", BYTEWISE, nullable=False),
        sa.Column("created_at", BYTEWISE, nullable=False),
        sa.Column("destroyed_at", BYTEWISE, nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_child_keys_child_id")),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_child_keys_organisation_code")
        ),
        sa.PrimaryKeyConstraint("child_id", "organisation_code", name=op.f("pk_child_keys")),
    )
    op.create_table(
        "child_restrictions",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("child_id", BYTEWISE, nullable=False),
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("kind", BYTEWISE, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("review_on", BYTEWISE, nullable=False),
        sa.Column("set_at", BYTEWISE, nullable=False),
        sa.Column("set_by", BYTEWISE, nullable=False),
        sa.Column("lifted_at", BYTEWISE, nullable=True),
        sa.Column("lifted_by", BYTEWISE, nullable=True),
        sa.Column("entry_id", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_child_restrictions_child_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_child_restrictions_entry_id")),
        sa.ForeignKeyConstraint(["lifted_by"], ["practitioners.id"], name=op.f("fk_child_restrictions_lifted_by")),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_child_restrictions_organisation_code")
        ),
        sa.ForeignKeyConstraint(["set_by"], ["practitioners.id"], name=op.f("fk_child_restrictions_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_restrictions")),
    )
    with op.batch_alter_table("child_restrictions", schema=None) as batch_op:
        batch_op.create_index("ix_child_restrictions_child_id_id", ["child_id", "id"], unique=False)

    op.create_table(
        "placements",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("child_id", BYTEWISE, nullable=False),
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("host_area", BYTEWISE, nullable=True),
        sa.Column("state", BYTEWISE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sections", sa.Text(), nullable=False),
        sa.Column("outstanding", sa.Text(), nullable=False),
        sa.Column("rules_edition", BYTEWISE, nullable=False),
        sa.Column("urgency", BYTEWISE, nullable=False),
        sa.Column("age_band", BYTEWISE, nullable=False),
        sa.Column("started_on", BYTEWISE, nullable=True),
        sa.Column("ended_on", BYTEWISE, nullable=True),
        sa.Column("created_at", BYTEWISE, nullable=False),
        sa.Column("changed_at", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_placements_child_id")),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_placements_organisation_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placements")),
    )
    with op.batch_alter_table("placements", schema=None) as batch_op:
        batch_op.create_index("ix_placements_child_id_id", ["child_id", "id"], unique=False)
        batch_op.create_index(
            "ix_placements_ending",
            ["ended_on"],
            unique=False,
            postgresql_where=sa.text("state = 'active'"),
            sqlite_where=sa.text("state = 'active'"),
        )
        batch_op.create_index("ix_placements_host_area_state_id", ["host_area", "state", "id"], unique=False)

    op.create_table(
        "notifications",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("placement_id", BYTEWISE, nullable=False),
        sa.Column("child_id", BYTEWISE, nullable=False),
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("function", BYTEWISE, nullable=False),
        sa.Column("practitioner_id", BYTEWISE, nullable=True),
        sa.Column("kind", BYTEWISE, nullable=False),
        sa.Column("occasion", BYTEWISE, nullable=True),
        sa.Column("urgency", BYTEWISE, nullable=False),
        sa.Column("reason", BYTEWISE, nullable=True),
        sa.Column("reference_index", BYTEWISE, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rules_edition", BYTEWISE, nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("sent_at", BYTEWISE, nullable=False),
        sa.Column("entry_id", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_notifications_child_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_notifications_entry_id")),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_notifications_organisation_code")
        ),
        sa.ForeignKeyConstraint(["placement_id"], ["placements.id"], name=op.f("fk_notifications_placement_id")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioners.id"], name=op.f("fk_notifications_practitioner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint(
            "organisation_code",
            "kind",
            "reference_index",
            name=op.f("uq_notifications_organisation_code_kind_reference_index"),
        ),
    )
    with op.batch_alter_table("notifications", schema=None) as batch_op:
        batch_op.create_index("ix_notifications_organisation_code_id", ["organisation_code", "id"], unique=False)
        batch_op.create_index("ix_notifications_placement_id_id", ["placement_id", "id"], unique=False)

    op.create_table(
        "clocks",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("placement_id", BYTEWISE, nullable=False),
        sa.Column("notification_id", BYTEWISE, nullable=False),
        sa.Column("code", BYTEWISE, nullable=False),
        sa.Column("basis", BYTEWISE, nullable=False),
        sa.Column("owner", BYTEWISE, nullable=False),
        sa.Column("starts_at", BYTEWISE, nullable=False),
        sa.Column("due_at", BYTEWISE, nullable=False),
        sa.Column("met_at", BYTEWISE, nullable=True),
        sa.ForeignKeyConstraint(["notification_id"], ["notifications.id"], name=op.f("fk_clocks_notification_id")),
        sa.ForeignKeyConstraint(["placement_id"], ["placements.id"], name=op.f("fk_clocks_placement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clocks")),
    )
    with op.batch_alter_table("clocks", schema=None) as batch_op:
        batch_op.create_index("ix_clocks_placement_id_code", ["placement_id", "code"], unique=False)

    op.create_table(
        "openings",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("child_id", BYTEWISE, nullable=False),
        sa.Column("placement_id", BYTEWISE, nullable=False),
        sa.Column("notification_id", BYTEWISE, nullable=True),
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("client_organisation_code", BYTEWISE, nullable=False),
        sa.Column("function", BYTEWISE, nullable=False),
        sa.Column("practitioner_id", BYTEWISE, nullable=True),
        sa.Column("how", BYTEWISE, nullable=False),
        sa.Column("why", BYTEWISE, nullable=False),
        sa.Column("purpose", BYTEWISE, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sections", sa.Text(), nullable=False),
        sa.Column("at", BYTEWISE, nullable=False),
        sa.Column("entry_id", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_openings_child_id")),
        sa.ForeignKeyConstraint(
            ["client_organisation_code"], ["organisations.code"], name=op.f("fk_openings_client_organisation_code")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_openings_entry_id")),
        sa.ForeignKeyConstraint(["notification_id"], ["notifications.id"], name=op.f("fk_openings_notification_id")),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_openings_organisation_code")
        ),
        sa.ForeignKeyConstraint(["placement_id"], ["placements.id"], name=op.f("fk_openings_placement_id")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["practitioners.id"], name=op.f("fk_openings_practitioner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openings")),
    )
    with op.batch_alter_table("openings", schema=None) as batch_op:
        batch_op.create_index("ix_openings_child_id_id", ["child_id", "id"], unique=False)
        batch_op.create_index("ix_openings_placement_id_id", ["placement_id", "id"], unique=False)
        batch_op.create_index(
            "ix_openings_seen_again",
            ["placement_id", "organisation_code", "function", "practitioner_id", "id"],
            unique=False,
        )

    op.create_table(
        "recalls",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("notification_id", BYTEWISE, nullable=False),
        sa.Column("placement_id", BYTEWISE, nullable=False),
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("practitioner_id", BYTEWISE, nullable=False),
        sa.Column("reason", BYTEWISE, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", BYTEWISE, nullable=False),
        sa.Column("entry_id", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_recalls_entry_id")),
        sa.ForeignKeyConstraint(["notification_id"], ["notifications.id"], name=op.f("fk_recalls_notification_id")),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_recalls_organisation_code")
        ),
        sa.ForeignKeyConstraint(["placement_id"], ["placements.id"], name=op.f("fk_recalls_placement_id")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["practitioners.id"], name=op.f("fk_recalls_practitioner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recalls")),
    )
    with op.batch_alter_table("recalls", schema=None) as batch_op:
        batch_op.create_index("ix_recalls_placement_id_id", ["placement_id", "id"], unique=False)

    op.create_table(
        "recipients",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("notification_id", BYTEWISE, nullable=False),
        sa.Column("placement_id", BYTEWISE, nullable=False),
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("function", BYTEWISE, nullable=False),
        sa.Column("side", BYTEWISE, nullable=False),
        sa.Column("rule", BYTEWISE, nullable=False),
        sa.Column("basis", BYTEWISE, nullable=False),
        sa.Column("kind", BYTEWISE, nullable=False),
        sa.Column("urgency", BYTEWISE, nullable=False),
        sa.Column("age_band", BYTEWISE, nullable=False),
        sa.Column("acknowledge_by", BYTEWISE, nullable=False),
        sa.Column("sent_at", BYTEWISE, nullable=False),
        sa.Column("alerted_at", BYTEWISE, nullable=True),
        sa.Column("retrieved_at", BYTEWISE, nullable=True),
        sa.Column("opened_at", BYTEWISE, nullable=True),
        sa.Column("opened_by", BYTEWISE, nullable=True),
        sa.Column("acknowledged_at", BYTEWISE, nullable=True),
        sa.Column("acknowledged_by", BYTEWISE, nullable=True),
        sa.Column("outcome", BYTEWISE, nullable=True),
        sa.Column("access_ended_at", BYTEWISE, nullable=True),
        sa.Column("access_ended_why", BYTEWISE, nullable=True),
        sa.ForeignKeyConstraint(["acknowledged_by"], ["practitioners.id"], name=op.f("fk_recipients_acknowledged_by")),
        sa.ForeignKeyConstraint(["notification_id"], ["notifications.id"], name=op.f("fk_recipients_notification_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["practitioners.id"], name=op.f("fk_recipients_opened_by")),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_recipients_organisation_code")
        ),
        sa.ForeignKeyConstraint(["placement_id"], ["placements.id"], name=op.f("fk_recipients_placement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipients")),
        sa.UniqueConstraint(
            "notification_id",
            "organisation_code",
            "function",
            name=op.f("uq_recipients_notification_id_organisation_code_function"),
        ),
    )
    with op.batch_alter_table("recipients", schema=None) as batch_op:
        batch_op.create_index(
            "ix_recipients_organisation_code_function_id", ["organisation_code", "function", "id"], unique=False
        )
        batch_op.create_index(
            "ix_recipients_placement_id_organisation_code_function",
            ["placement_id", "organisation_code", "function"],
            unique=False,
        )
        batch_op.create_index(
            "ix_recipients_waiting",
            ["organisation_code", "function", "id"],
            unique=False,
            postgresql_where=sa.text("acknowledged_at IS NULL AND access_ended_at IS NULL"),
            sqlite_where=sa.text("acknowledged_at IS NULL AND access_ended_at IS NULL"),
        )

    op.create_table(
        "acknowledgements",
        sa.Column("id", BYTEWISE, nullable=False),
        sa.Column("recipient_id", BYTEWISE, nullable=False),
        sa.Column("notification_id", BYTEWISE, nullable=False),
        sa.Column("placement_id", BYTEWISE, nullable=False),
        sa.Column("organisation_code", BYTEWISE, nullable=False),
        sa.Column("function", BYTEWISE, nullable=False),
        sa.Column("practitioner_id", BYTEWISE, nullable=False),
        sa.Column("outcome", BYTEWISE, nullable=False),
        sa.Column("reason", BYTEWISE, nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", BYTEWISE, nullable=False),
        sa.Column("entry_id", BYTEWISE, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_acknowledgements_entry_id")),
        sa.ForeignKeyConstraint(
            ["notification_id"], ["notifications.id"], name=op.f("fk_acknowledgements_notification_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisations.code"], name=op.f("fk_acknowledgements_organisation_code")
        ),
        sa.ForeignKeyConstraint(["placement_id"], ["placements.id"], name=op.f("fk_acknowledgements_placement_id")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioners.id"], name=op.f("fk_acknowledgements_practitioner_id")
        ),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipients.id"], name=op.f("fk_acknowledgements_recipient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgements")),
    )
    with op.batch_alter_table("acknowledgements", schema=None) as batch_op:
        batch_op.create_index("ix_acknowledgements_placement_id_id", ["placement_id", "id"], unique=False)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("acknowledgements", schema=None) as batch_op:
        batch_op.drop_index("ix_acknowledgements_placement_id_id")

    op.drop_table("acknowledgements")
    with op.batch_alter_table("recipients", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_recipients_waiting",
            postgresql_where=sa.text("acknowledged_at IS NULL AND access_ended_at IS NULL"),
            sqlite_where=sa.text("acknowledged_at IS NULL AND access_ended_at IS NULL"),
        )
        batch_op.drop_index("ix_recipients_placement_id_organisation_code_function")
        batch_op.drop_index("ix_recipients_organisation_code_function_id")

    op.drop_table("recipients")
    with op.batch_alter_table("recalls", schema=None) as batch_op:
        batch_op.drop_index("ix_recalls_placement_id_id")

    op.drop_table("recalls")
    with op.batch_alter_table("openings", schema=None) as batch_op:
        batch_op.drop_index("ix_openings_seen_again")
        batch_op.drop_index("ix_openings_placement_id_id")
        batch_op.drop_index("ix_openings_child_id_id")

    op.drop_table("openings")
    with op.batch_alter_table("clocks", schema=None) as batch_op:
        batch_op.drop_index("ix_clocks_placement_id_code")

    op.drop_table("clocks")
    with op.batch_alter_table("notifications", schema=None) as batch_op:
        batch_op.drop_index("ix_notifications_placement_id_id")
        batch_op.drop_index("ix_notifications_organisation_code_id")

    op.drop_table("notifications")
    with op.batch_alter_table("placements", schema=None) as batch_op:
        batch_op.drop_index("ix_placements_host_area_state_id")
        batch_op.drop_index(
            "ix_placements_ending",
            postgresql_where=sa.text("state = 'active'"),
            sqlite_where=sa.text("state = 'active'"),
        )
        batch_op.drop_index("ix_placements_child_id_id")

    op.drop_table("placements")
    with op.batch_alter_table("child_restrictions", schema=None) as batch_op:
        batch_op.drop_index("ix_child_restrictions_child_id_id")

    op.drop_table("child_restrictions")
    op.drop_table("child_keys")
    with op.batch_alter_table("child_corrections", schema=None) as batch_op:
        batch_op.drop_index("ix_child_corrections_child_id_id")

    op.drop_table("child_corrections")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_waiting",
            postgresql_where=sa.text("delivered_at IS NULL"),
            sqlite_where=sa.text("delivered_at IS NULL"),
        )

    op.drop_table("outbox")
    op.drop_table("organisation_successions")
    op.drop_table("ledger_pending")
    op.drop_table("ledger_leaves")
    op.drop_table("idempotency_keys")
    op.drop_table("delegations")
    op.drop_table("client_keys")
    with op.batch_alter_table("children", schema=None) as batch_op:
        batch_op.drop_index("ix_children_organisation_code_nhs_number_index")
        batch_op.drop_index("ix_children_organisation_code_name_and_birth_index")

    op.drop_table("children")
    op.drop_table("assertions")
    op.drop_table("area_routing")
    op.drop_table("adjacent_areas")
    op.drop_table("practitioners")
    op.drop_table("organisations")
    op.drop_table("ledger_head")
    op.drop_table("ledger_entries")
    op.drop_table("directory_state")
    with op.batch_alter_table("clients", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clients_organisation_code"))

    op.drop_table("clients")
