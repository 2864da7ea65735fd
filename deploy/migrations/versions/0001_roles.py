"""One schema and one role a service: a service's connections act as its role alone; query may only read views."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SERVICES = ("ingest", "rules", "alerts", "query")


def upgrade() -> None:
    """Create roles (shared by all databases of the server, so they may exist already) and schemas."""
    for service in SERVICES:
        op.execute(
            f"""
            DO $$ BEGIN
                PERFORM pg_advisory_xact_lock(hashtext('planwatch.roles'));
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'planwatch_{service}') THEN
                    CREATE ROLE planwatch_{service} NOLOGIN;
                END IF;
            END $$
            """
        )
        op.execute(f"GRANT planwatch_{service} TO CURRENT_USER")
        op.execute(f"CREATE SCHEMA {service}")
        op.execute(f"GRANT USAGE ON SCHEMA {service} TO planwatch_{service}")
    for service in ("ingest", "rules", "alerts"):
        op.execute(
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA {service}"
            f" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO planwatch_{service}"
        )
        op.execute(
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA {service} GRANT USAGE, SELECT ON SEQUENCES TO planwatch_{service}"
        )
    op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA query GRANT SELECT ON TABLES TO planwatch_query")
    op.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")


def downgrade() -> None:
    """Drop the schemas; the roles stay, other databases of the server may use them."""
    for service in reversed(SERVICES):
        op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA {service} REVOKE ALL ON TABLES FROM planwatch_{service}")
        op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA {service} REVOKE ALL ON SEQUENCES FROM planwatch_{service}")
        op.execute(f"DROP SCHEMA {service} CASCADE")
