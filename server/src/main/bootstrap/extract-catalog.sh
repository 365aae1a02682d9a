#!/bin/bash
# Writes the facts a new QuantaDB database starts with: rows of PostgreSQL 15's system catalogs, as tab-separated files.
#
# Usage: extract-catalog.sh [psql connection options], for instance: extract-catalog.sh -h 127.0.0.1 -U postgres -d template1
# The server must be a PostgreSQL 15 whose superuser is called postgres, with a freshly made database in UTF8 and collation C.UTF-8.
#
# Output, below ../resources/io/quantadb/catalog/bootstrap:
#   catalogs.txt    every catalog table: T oid name shared toast-oid toast-index-oid
#                   its columns, in order: C name type-oid not-null
#                   its indexes, by oid: I oid name unique primary column-numbers
#   <catalog>.tsv   its rows in COPY's text format, columns in catalog order, ordered by primary key
#   SystemColumns.java (catalog.table) positions of the columns of each catalog, for code
#   columns.golden  (test resources) names and types of the columns of every table and view, to compare with
#
# What is changed on the way: oids instead of names for reg* types; the role postgres becomes quantadb; expression trees
# become SQL text or nothing; file numbers equal oids; statistics are reset; built-in SQL functions with a parsed body
# get "name(argument types)" as source, the key of their implementation; platform collations, descriptions of single
# functions and operators, databases and view definitions are left out (the latter two are QuantaDB's own).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$here/../resources/io/quantadb/catalog/bootstrap
golden=$here/../../test/resources/golden/catalog
mkdir -p "$out" "$golden"
run() { psql -X -q -At -v ON_ERROR_STOP=1 "$@"; }
options=("$@")
query() { run "${options[@]}" -c "$1"; }

query "
select line from (
  select c.oid, 0 as part, 0 as nr, concat_ws(' ', 'T', c.oid, c.relname, c.relisshared::int, c.reltoastrelid,
         coalesce((select indexrelid from pg_index where indrelid = c.reltoastrelid), 0)) as line
    from pg_class c where relkind = 'r' and oid < 16384
  union all
  select c.oid, 1, attnum, concat_ws(' ', 'C', attname, coalesce(nullif(typbasetype, 0), atttypid), attnotnull::int)
    from pg_class c join pg_attribute on attrelid = c.oid join pg_type t on t.oid = atttypid
    where relkind = 'r' and c.oid < 16384 and attnum > 0
  union all
  select c.oid, 2, row_number() over (partition by c.oid order by indexrelid), concat_ws(' ', 'I', indexrelid, i.relname,
         indisunique::int, indisprimary::int, replace(indkey::text, ' ', ','))
    from pg_class c join pg_index on indrelid = c.oid join pg_class i on i.oid = indexrelid
    where c.relkind = 'r' and c.oid < 16384
) lines order by oid, part, nr" > "$out/catalogs.txt"

# One select list item for each column of a catalog.
select_list() {
  query "
select string_agg(case
    when relname = 'pg_class' and attname = 'relfilenode' then 'case when relkind in (''r'',''i'',''t'') then oid else 0 end'
    when relname = 'pg_class' and attname in ('relpages','relallvisible','relfrozenxid','relminmxid') then '0'
    when relname = 'pg_class' and attname = 'reltuples' then 'case when relkind in (''r'',''t'') then -1 else 0 end'
    when relname = 'pg_proc' and attname = 'prosrc' then
      'coalesce(nullif(prosrc, ''''), proname || ''('' || (select coalesce(string_agg(typname, '','' order by n), '''')'
      || ' from unnest(proargtypes) with ordinality a(t, n) join pg_type on pg_type.oid = t) || '')'')'
    when relname = 'pg_proc' and attname = 'proargdefaults' then 'replace(pg_get_expr(proargdefaults, 0), '', '', chr(31))'
    when relname = 'pg_type' and attname = 'typdefaultbin' then 'pg_get_expr(typdefaultbin, 0)'
    when relname = 'pg_constraint' and attname = 'conbin' then 'pg_get_expr(conbin, 0)'
    when relname = 'pg_rewrite' and attname = 'ev_qual' then '''<>'''
    when relname = 'pg_rewrite' and attname = 'ev_action' then ''''''
    when atttypid = 'pg_node_tree'::regtype or atttypid = 'anyarray'::regtype then 'null'
    when atttypid = 'regproc'::regtype then quote_ident(attname) || '::oid'
    when atttypid = 'aclitem[]'::regtype then format('replace(%I::text, ''postgres'', ''quantadb'')', attname)
    when relname = 'pg_authid' and attname = 'rolname' then 'replace(rolname, ''postgres'', ''quantadb'')'
    else quote_ident(attname) end, ', ' order by attnum)
from pg_attribute join pg_class c on c.oid = attrelid where attrelid = '$1'::regclass and attnum > 0"
}

for table in $(query "select oid::regclass from pg_class where relkind = 'r' and oid < 16384
    and relname not in ('pg_database', 'pg_statistic', 'pg_statistic_ext_data', 'pg_shdescription') order by 1"); do
  where=true
  case $table in
    pg_collation) where="oid in (100, 950, 951) or collname in ('ucs_basic', 'C.utf8', 'C.UTF-8')" ;;
    pg_description) where="classoid not in ('pg_proc'::regclass, 'pg_operator'::regclass, 'pg_opfamily'::regclass,
        'pg_conversion'::regclass, 'pg_ts_config'::regclass, 'pg_ts_dict'::regclass)
        and not (classoid = 'pg_collation'::regclass and objoid not in (100, 950, 951))" ;;
    pg_class | pg_attribute | pg_type | pg_index | pg_constraint | pg_rewrite | pg_init_privs) ;;
  esac
  key=$(query "select coalesce((select string_agg(attname, ', ' order by n) from pg_index,
      unnest(indkey) with ordinality k(a, n) join pg_attribute on attnum = a
      where indrelid = '$table'::regclass and indisprimary and attrelid = indrelid), '1')")
  [ "$table" = pg_depend ] && key="classid, objid, objsubid, refclassid, refobjid, refobjsubid"
  file=$out/${table#information_schema.}.tsv
  run "${options[@]}" -c "copy (select $(select_list "$table") from $table where $where order by $key) to stdout" > "$file"
  [ -s "$file" ] || rm "$file"
done

query "select c.oid::regclass || ' ' || relkind::text || ' ' || string_agg(attname || ':' || format_type(atttypid, atttypmod), ' ' order by attnum)
  from pg_class c join pg_attribute on attrelid = c.oid and attnum > 0
  where c.oid < 16384 and relkind in ('r', 'v') group by c.oid, relkind order by c.oid::regclass::text collate \"C\"" > "$golden/columns.golden"
query "select relname || ' ' || (xpath('/row/n/text()', query_to_xml('select count(*) as n from ' || oid::regclass, false, true, '')))[1]
  from pg_class where relkind = 'r' and oid < 16384 order by relname collate \"C\"" > "$golden/counts.golden"

java=$here/../java/io/quantadb/catalog/table/SystemColumns.java
mkdir -p "$(dirname "$java")"
{
  echo 'package io.quantadb.catalog.table;'
  echo
  echo '/**'
  echo ' * Positions of the columns in the rows of each catalog table, and the table'"'"'s oid. Generated by extract-catalog.sh; a test'
  echo ' * compares it with {@code catalogs.txt}. Source: PostgreSQL 15 documentation, "System Catalogs".'
  echo ' */'
  echo 'public final class SystemColumns {'
  echo '    private SystemColumns() {'
  echo '    }'
  awk 'function close_class() { if (name) printf "\n        private %s() {\n        }\n    }\n", name }
       $1 == "T" { close_class(); n = split($3, w, "_"); name = ""
         for (i = 1; i <= n; i++) name = name toupper(substr(w[i], 1, 1)) substr(w[i], 2)
         printf "\n    /** {@code %s} */\n    public static final class %s {\n", $3, name
         printf "        public static final int TABLE = %d;\n", $2; position = 0 }
       $1 == "C" { printf "        public static final int %s = %d;\n", toupper($2), position++ }
       END { close_class() }' "$out/catalogs.txt"
  echo '}'
} > "$java"
