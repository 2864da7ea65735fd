#!/bin/sh
# Gives each service its own PostgreSQL user, `planwatch_<service>_login`: a member of the role `planwatch_<service>`
# and of nothing else, which inherits nothing, so that it can do nothing until it has taken that role.
# PostgreSQL's image runs this once, on an empty data directory. It may be run again, for example to change passwords:
#   docker compose up -d postgres && docker compose exec postgres /docker-entrypoint-initdb.d/10-logins.sh
# Reads POSTGRES_USER (an administrator), POSTGRES_DB and one PLANWATCH_DB_PASSWORD_<SERVICE> for each service.
set -eu

for variable in INGEST RULES ALERTS QUERY; do
    eval "test -n \"\${PLANWATCH_DB_PASSWORD_$variable:-}\"" ||
        { echo "planwatch: set PLANWATCH_DB_PASSWORD_$variable" >&2; exit 1; }
done

run_sql() {
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" "$@"
}

create_login() {
    service=$1
    variable=$2
    run_sql --single-transaction --set role="planwatch_$service" --set login="planwatch_${service}_login" \
        --set database="$POSTGRES_DB" --set variable="$variable" <<'SQL'
-- The password comes from the environment: it never stands in a command line.
\getenv password :variable
SELECT pg_advisory_xact_lock(hashtext('planwatch.roles')) \g /dev/null
SELECT format('CREATE ROLE %I NOLOGIN', :'role')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
SELECT format('CREATE ROLE %I', :'login')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'login') \gexec
ALTER ROLE :"login" WITH LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
    CONNECTION LIMIT 20 PASSWORD :'password';
GRANT :"role" TO :"login";
GRANT CONNECT ON DATABASE :"database" TO :"login";
SQL
}

create_login ingest PLANWATCH_DB_PASSWORD_INGEST
create_login rules PLANWATCH_DB_PASSWORD_RULES
create_login alerts PLANWATCH_DB_PASSWORD_ALERTS
create_login query PLANWATCH_DB_PASSWORD_QUERY
run_sql --set database="$POSTGRES_DB" <<'SQL'
REVOKE CONNECT ON DATABASE :"database" FROM PUBLIC;
SQL
echo "planwatch: the services' logins are ready"
