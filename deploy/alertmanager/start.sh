#!/bin/sh
# Writes Alertmanager's configuration from the template beside this script and the environment, then runs the command
# given as arguments. Alertmanager itself reads no variables.
#   PLANWATCH_OPS_MAIL       to whom (required)      PLANWATCH_OPS_SMTP      host:port (default mail:1025)
#   PLANWATCH_OPS_MAIL_FROM  from whom (required)    PLANWATCH_OPS_SMTP_TLS  true or false (default false)
#   PLANWATCH_OPS_WEBHOOK    address that gets alerts and the heartbeat (default none)
set -eu

: "${PLANWATCH_OPS_MAIL:?set it to the mail address of ops}"
: "${PLANWATCH_OPS_MAIL_FROM:?set it to the sender of mails to ops}"
template=$(dirname "$0")/alertmanager.yml
target=${ALERTMANAGER_CONFIG:-/tmp/alertmanager.yml}

quoted() { # a value as sed's replacement, inside a YAML double-quoted text
    printf '%s' "$1" | sed -e 's/[\\"]/\\&/g' -e 's/[\\&|]/\\&/g'
}

drop_webhook='/# webhook: begin/,/# webhook: end/d'
[ -n "${PLANWATCH_OPS_WEBHOOK:-}" ] && drop_webhook=

umask 077
sed -e "$drop_webhook" \
    -e "s|@SMTP@|$(quoted "${PLANWATCH_OPS_SMTP:-mail:1025}")|" \
    -e "s|@SMTP_TLS@|$(quoted "${PLANWATCH_OPS_SMTP_TLS:-false}")|" \
    -e "s|@MAIL_FROM@|$(quoted "$PLANWATCH_OPS_MAIL_FROM")|" \
    -e "s|@MAIL_TO@|$(quoted "$PLANWATCH_OPS_MAIL")|" \
    -e "s|@WEBHOOK@|$(quoted "${PLANWATCH_OPS_WEBHOOK:-}")|" \
    "$template" >"$target"
exec "$@"
