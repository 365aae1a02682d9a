#!/bin/bash
# Compares QuantaDB's definitions of the system views with a PostgreSQL 15's: names, types and order of columns, and rows.
#
# Usage: check-views.sh [psql connection options]; needs a superuser and a database to create the schema check_views in (dropped first).
# Prints the differences; views of running activity naturally differ in rows.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
resources=$here/../resources/io/quantadb/catalog/bootstrap
options=("$@")
run() { psql -X -q -At "${options[@]}" "$@"; }

{
  echo "set client_min_messages = warning; drop schema if exists check_views cascade; create schema check_views;"
  for schema in pg_catalog information_schema; do
    echo "set search_path = pg_catalog;"
    awk '$1 == "--" && $2 == "view" { if (open) print ";"; open = 1
           print "create view check_views.\"" $3 "\" as"; next }
         $1 != "--" { print } END { print ";" }' "$resources/${schema}_views.sql"
  done
} | psql -X -q "${options[@]}" 2>&1 | grep -v '^$'

run -c "
with c as (select n.nspname, c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod) as type
  from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
  where c.relkind = 'v')
select 'column ' || coalesce(o.nspname || '.' || o.relname, m.relname) || ': expected ' || coalesce(o.attnum || ' ' || o.attname || ' ' || o.type, 'none')
    || ', have ' || coalesce(m.attname || ' ' || m.type, 'none')
  from (select * from c where nspname in ('pg_catalog', 'information_schema')) o
  full join (select * from c where nspname = 'check_views') m on m.relname = o.nspname || '.' || o.relname and m.attnum = o.attnum
  where (o.attname, o.type) is distinct from (m.attname, m.type)"

for view in $(run -c "select relname from pg_class where relnamespace = 'check_views'::regnamespace and relkind = 'v' order by 1"); do
  run -c "select 'rows of $view: ' || count(*) || ' differ' from (select r::text from $view r except all select r::text from check_views.\"$view\" r
    union all (select r::text from check_views.\"$view\" r except all select r::text from $view r)) d having count(*) > 0" 2>&1 | head -2
done
