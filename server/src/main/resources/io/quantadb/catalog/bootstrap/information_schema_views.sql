-- The views of the SQL standard's information schema, each introduced by a line that names it. Names of pg_catalog
-- are not qualified. Names, types and order of the columns are PostgreSQL 15's.

-- view information_schema.information_schema_catalog_name
SELECT current_database()::information_schema.sql_identifier AS catalog_name


-- view information_schema.applicable_roles
SELECT a.rolname::information_schema.sql_identifier AS grantee, b.rolname::information_schema.sql_identifier AS role_name,
       (CASE WHEN m.admin_option THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no AS is_grantable
  FROM (SELECT member, roleid, admin_option FROM pg_auth_members
        UNION SELECT d.datdba, r.oid, false FROM pg_database d, pg_authid r
               WHERE d.datname = current_database() AND r.rolname = 'pg_database_owner') m
       JOIN pg_authid a ON a.oid = m.member JOIN pg_authid b ON b.oid = m.roleid
 WHERE pg_has_role(a.oid, 'USAGE')

-- view information_schema.administrable_role_authorizations
SELECT grantee::information_schema.sql_identifier AS grantee, role_name::information_schema.sql_identifier AS role_name,
       is_grantable::information_schema.yes_or_no AS is_grantable
  FROM information_schema.applicable_roles
 WHERE is_grantable = 'YES'

-- view information_schema.enabled_roles
SELECT a.rolname::information_schema.sql_identifier AS role_name
  FROM pg_authid a
 WHERE pg_has_role(a.oid, 'USAGE')

-- view information_schema.attributes
SELECT current_database()::information_schema.sql_identifier AS udt_catalog, nc.nspname::information_schema.sql_identifier AS udt_schema,
       c.relname::information_schema.sql_identifier AS udt_name, a.attname::information_schema.sql_identifier AS attribute_name,
       a.attnum::information_schema.cardinal_number AS ordinal_position,
       pg_get_expr(d.adbin, d.adrelid)::information_schema.character_data AS attribute_default,
       (CASE WHEN NOT (a.attnotnull OR t.typtype = 'd' AND t.typnotnull) THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no AS is_nullable,
       (CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN 'ARRAY' WHEN nt.nspname = 'pg_catalog' THEN format_type(t.oid, NULL) ELSE 'USER-DEFINED' END)::information_schema.character_data AS data_type,
       (information_schema._pg_char_max_length(information_schema._pg_truetypid(a, t), information_schema._pg_truetypmod(a, t)))::information_schema.cardinal_number AS character_maximum_length,
       (information_schema._pg_char_octet_length(information_schema._pg_truetypid(a, t), information_schema._pg_truetypmod(a, t)))::information_schema.cardinal_number AS character_octet_length,
       NULL::information_schema.sql_identifier AS character_set_catalog, NULL::information_schema.sql_identifier AS character_set_schema,
       NULL::information_schema.sql_identifier AS character_set_name,
       (CASE WHEN cn.nspname IS NOT NULL THEN current_database() END)::information_schema.sql_identifier AS collation_catalog,
       cn.nspname::information_schema.sql_identifier AS collation_schema, co.collname::information_schema.sql_identifier AS collation_name,
       (information_schema._pg_numeric_precision(information_schema._pg_truetypid(a, t), information_schema._pg_truetypmod(a, t)))::information_schema.cardinal_number AS numeric_precision,
       (information_schema._pg_numeric_precision_radix(information_schema._pg_truetypid(a, t), information_schema._pg_truetypmod(a, t)))::information_schema.cardinal_number AS numeric_precision_radix,
       (information_schema._pg_numeric_scale(information_schema._pg_truetypid(a, t), information_schema._pg_truetypmod(a, t)))::information_schema.cardinal_number AS numeric_scale,
       (information_schema._pg_datetime_precision(information_schema._pg_truetypid(a, t), information_schema._pg_truetypmod(a, t)))::information_schema.cardinal_number AS datetime_precision,
       (information_schema._pg_interval_type(information_schema._pg_truetypid(a, t), information_schema._pg_truetypmod(a, t)))::information_schema.character_data AS interval_type,
       NULL::information_schema.cardinal_number AS interval_precision, current_database()::information_schema.sql_identifier AS attribute_udt_catalog,
       nt.nspname::information_schema.sql_identifier AS attribute_udt_schema, t.typname::information_schema.sql_identifier AS attribute_udt_name,
       NULL::information_schema.sql_identifier AS scope_catalog, NULL::information_schema.sql_identifier AS scope_schema,
       NULL::information_schema.sql_identifier AS scope_name, NULL::information_schema.cardinal_number AS maximum_cardinality,
       a.attnum::information_schema.sql_identifier AS dtd_identifier, 'NO'::information_schema.yes_or_no AS is_derived_reference_attribute
  FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
       JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace nc ON nc.oid = c.relnamespace
       JOIN pg_type t ON t.oid = a.atttypid JOIN pg_namespace nt ON nt.oid = t.typnamespace
       LEFT JOIN (pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace)
           ON co.oid = a.attcollation AND (cn.nspname, co.collname) <> ('pg_catalog', 'default')
 WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind = 'c'
       AND (pg_has_role(c.relowner, 'USAGE') OR has_type_privilege(c.reltype, 'USAGE'))

-- view information_schema.character_sets
SELECT NULL::information_schema.sql_identifier AS character_set_catalog, NULL::information_schema.sql_identifier AS character_set_schema,
       getdatabaseencoding()::information_schema.sql_identifier AS character_set_name,
       (CASE WHEN getdatabaseencoding() = 'UTF8' THEN 'UCS' ELSE getdatabaseencoding() END)::information_schema.sql_identifier AS character_repertoire,
       getdatabaseencoding()::information_schema.sql_identifier AS form_of_use,
       current_database()::information_schema.sql_identifier AS default_collate_catalog,
       nc.nspname::information_schema.sql_identifier AS default_collate_schema, c.collname::information_schema.sql_identifier AS default_collate_name
  FROM pg_database d LEFT JOIN (pg_collation c JOIN pg_namespace nc ON nc.oid = c.collnamespace)
           ON c.collcollate = d.datcollate AND c.collctype = d.datctype
 WHERE d.datname = current_database()
 ORDER BY char_length(c.collname) DESC, c.collname
 LIMIT 1

-- view information_schema.check_constraint_routine_usage
SELECT current_database()::information_schema.sql_identifier AS constraint_catalog, x.cnsp::information_schema.sql_identifier AS constraint_schema,
       x.conname::information_schema.sql_identifier AS constraint_name, current_database()::information_schema.sql_identifier AS specific_catalog,
       x.nspname::information_schema.sql_identifier AS specific_schema,
       nameconcatoid(x.proname, x.oid)::information_schema.sql_identifier AS specific_name
  FROM (SELECT DISTINCT nc.nspname AS cnsp, c.conname, np.nspname, p.proname, p.oid, p.proowner
          FROM pg_constraint c JOIN pg_namespace nc ON nc.oid = c.connamespace
               JOIN pg_depend d ON d.classid = 'pg_catalog.pg_constraint'::regclass AND d.objid = c.oid
                    AND d.refclassid = 'pg_catalog.pg_proc'::regclass
               JOIN pg_proc p ON p.oid = d.refobjid JOIN pg_namespace np ON np.oid = p.pronamespace
         WHERE c.contype = 'c') x
 WHERE pg_has_role(x.proowner, 'USAGE')

-- view information_schema.check_constraints
SELECT current_database()::information_schema.sql_identifier AS constraint_catalog,
       rs.nspname::information_schema.sql_identifier AS constraint_schema, con.conname::information_schema.sql_identifier AS constraint_name,
       (substring(pg_get_constraintdef(con.oid) from 7))::information_schema.character_data AS check_clause
  FROM pg_constraint con LEFT JOIN pg_namespace rs ON rs.oid = con.connamespace
       LEFT JOIN pg_class c ON c.oid = con.conrelid LEFT JOIN pg_type t ON t.oid = con.contypid
 WHERE pg_has_role(COALESCE(c.relowner, t.typowner), 'USAGE') AND con.contype = 'c'
 UNION
SELECT current_database()::information_schema.sql_identifier, n.nspname::information_schema.sql_identifier,
       (n.oid::text || '_' || r.oid::text || '_' || a.attnum::text || '_not_null')::information_schema.sql_identifier,
       (a.attname || ' IS NOT NULL')::information_schema.character_data
  FROM pg_namespace n JOIN pg_class r ON r.relnamespace = n.oid JOIN pg_attribute a ON a.attrelid = r.oid
 WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull AND r.relkind IN ('r', 'p')
       AND pg_has_role(r.relowner, 'USAGE')

-- view information_schema.collations
SELECT current_database()::information_schema.sql_identifier AS collation_catalog, nc.nspname::information_schema.sql_identifier AS collation_schema,
       c.collname::information_schema.sql_identifier AS collation_name, 'NO PAD'::information_schema.character_data AS pad_attribute
  FROM pg_collation c JOIN pg_namespace nc ON nc.oid = c.collnamespace
 WHERE c.collencoding IN (-1, (SELECT d.encoding FROM pg_database d WHERE d.datname = current_database()))

-- view information_schema.collation_character_set_applicability
SELECT current_database()::information_schema.sql_identifier AS collation_catalog, nc.nspname::information_schema.sql_identifier AS collation_schema,
       c.collname::information_schema.sql_identifier AS collation_name, NULL::information_schema.sql_identifier AS character_set_catalog,
       NULL::information_schema.sql_identifier AS character_set_schema, getdatabaseencoding()::information_schema.sql_identifier AS character_set_name
  FROM pg_collation c JOIN pg_namespace nc ON nc.oid = c.collnamespace
 WHERE c.collencoding IN (-1, (SELECT d.encoding FROM pg_database d WHERE d.datname = current_database()))

-- view information_schema.column_column_usage
SELECT current_database()::information_schema.sql_identifier AS table_catalog, u.nspname::information_schema.sql_identifier AS table_schema,
       u.relname::information_schema.sql_identifier AS table_name, u.used::information_schema.sql_identifier AS column_name,
       u.generated::information_schema.sql_identifier AS dependent_column
  FROM (SELECT DISTINCT n.nspname, c.relname, ac.attname AS used, ad.attname AS generated
          FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid JOIN pg_depend d ON d.refobjid = c.oid
               JOIN pg_attribute ac ON ac.attrelid = c.oid AND ac.attnum = d.refobjsubid
               JOIN pg_attrdef atd ON atd.oid = d.objid AND atd.adrelid = c.oid
               JOIN pg_attribute ad ON ad.attrelid = c.oid AND ad.attnum = atd.adnum
         WHERE d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
               AND ac.attnum <> ad.attnum AND ad.attgenerated <> '' AND pg_has_role(c.relowner, 'USAGE')) u

-- view information_schema.column_domain_usage
SELECT current_database()::information_schema.sql_identifier AS domain_catalog, nt.nspname::information_schema.sql_identifier AS domain_schema,
       t.typname::information_schema.sql_identifier AS domain_name, current_database()::information_schema.sql_identifier AS table_catalog,
       nc.nspname::information_schema.sql_identifier AS table_schema, c.relname::information_schema.sql_identifier AS table_name,
       a.attname::information_schema.sql_identifier AS column_name
  FROM pg_type t JOIN pg_namespace nt ON nt.oid = t.typnamespace JOIN pg_attribute a ON a.atttypid = t.oid
       JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace nc ON nc.oid = c.relnamespace
 WHERE t.typtype = 'd' AND c.relkind IN ('r', 'v', 'f', 'p') AND a.attnum > 0 AND NOT a.attisdropped
       AND pg_has_role(t.typowner, 'USAGE')

-- view information_schema.column_udt_usage
SELECT current_database()::information_schema.sql_identifier AS udt_catalog,
       COALESCE(nbt.nspname, nt.nspname)::information_schema.sql_identifier AS udt_schema,
       COALESCE(bt.typname, t.typname)::information_schema.sql_identifier AS udt_name,
       current_database()::information_schema.sql_identifier AS table_catalog, nc.nspname::information_schema.sql_identifier AS table_schema,
       c.relname::information_schema.sql_identifier AS table_name, a.attname::information_schema.sql_identifier AS column_name
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace nc ON nc.oid = c.relnamespace
       JOIN pg_type t ON t.oid = a.atttypid JOIN pg_namespace nt ON nt.oid = t.typnamespace
       LEFT JOIN (pg_type bt JOIN pg_namespace nbt ON nbt.oid = bt.typnamespace)
           ON t.typtype = 'd' AND bt.oid = t.typbasetype
 WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'v', 'f', 'p')
       AND pg_has_role(COALESCE(bt.typowner, t.typowner), 'USAGE')

-- view information_schema.column_privileges
SELECT u.rolname::information_schema.sql_identifier AS grantor, g.rolname::information_schema.sql_identifier AS grantee,
       current_database()::information_schema.sql_identifier AS table_catalog, nc.nspname::information_schema.sql_identifier AS table_schema,
       x.relname::information_schema.sql_identifier AS table_name, x.attname::information_schema.sql_identifier AS column_name,
       x.privilege_type::information_schema.character_data AS privilege_type,
       (CASE WHEN pg_has_role(x.grantee, x.relowner, 'USAGE') OR x.is_grantable THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no AS is_grantable
  FROM (SELECT relowner, relname, relnamespace, grantor, grantee, privilege_type, is_grantable, attname
          FROM (SELECT c.oid, c.relowner, c.relname, c.relnamespace, (e).grantor, (e).grantee, (e).privilege_type,
                       (e).is_grantable
                  FROM (SELECT c.*, aclexplode(COALESCE(c.relacl, acldefault('r', c.relowner))) AS e FROM pg_class c
                         WHERE c.relkind IN ('r', 'v', 'f', 'p')) c) r
               JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
        UNION
        SELECT c.relowner, c.relname, c.relnamespace, (a.e).grantor, (a.e).grantee, (a.e).privilege_type,
               (a.e).is_grantable, a.attname
          FROM (SELECT a.attrelid, a.attname, aclexplode(COALESCE(a.attacl, acldefault('c', k.relowner))) AS e
                  FROM pg_attribute a JOIN pg_class k ON k.oid = a.attrelid
                 WHERE a.attnum > 0 AND NOT a.attisdropped) a
               JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'v', 'f', 'p')) x
       JOIN pg_namespace nc ON nc.oid = x.relnamespace JOIN pg_authid u ON u.oid = x.grantor
       JOIN (SELECT oid, rolname FROM pg_authid UNION ALL SELECT 0::oid, 'PUBLIC') AS g(oid, rolname) ON g.oid = x.grantee
 WHERE x.privilege_type IN ('INSERT', 'SELECT', 'UPDATE', 'REFERENCES')
       AND (pg_has_role(u.oid, 'USAGE') OR pg_has_role(g.oid, 'USAGE') OR g.rolname = 'PUBLIC')

-- view information_schema.columns
SELECT current_database()::information_schema.sql_identifier AS table_catalog, nc.nspname::information_schema.sql_identifier AS table_schema,
       c.relname::information_schema.sql_identifier AS table_name, a.attname::information_schema.sql_identifier AS column_name,
       a.attnum::information_schema.cardinal_number AS ordinal_position,
       (CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END)::information_schema.character_data AS column_default,
       (CASE WHEN NOT (a.attnotnull OR t.typtype = 'd' AND t.typnotnull) THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no AS is_nullable,
       (CASE WHEN t.typtype = 'd' THEN CASE WHEN bt.typelem <> 0 AND bt.typlen = -1 THEN 'ARRAY' WHEN nbt.nspname = 'pg_catalog' THEN format_type(bt.oid, NULL) ELSE 'USER-DEFINED' END ELSE CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN 'ARRAY' WHEN nt.nspname = 'pg_catalog' THEN format_type(t.oid, NULL) ELSE 'USER-DEFINED' END END)::information_schema.character_data AS data_type,
       (information_schema._pg_char_max_length(information_schema._pg_truetypid(a, t), information_schema._pg_truetypmod(a, t)))::information_schema.cardinal_number AS character_maximum_length,
       (information_schema._pg_char_octet_length(information_schema._pg_truetypid(a, t), information_schema._pg_truetypmod(a, t)))::information_schema.cardinal_number AS character_octet_length,
       (information_schema._pg_numeric_precision(information_schema._pg_truetypid(a, t), information_schema._pg_truetypmod(a, t)))::information_schema.cardinal_number AS numeric_precision,
       (information_schema._pg_numeric_precision_radix(information_schema._pg_truetypid(a, t), information_schema._pg_truetypmod(a, t)))::information_schema.cardinal_number AS numeric_precision_radix,
       (information_schema._pg_numeric_scale(information_schema._pg_truetypid(a, t), information_schema._pg_truetypmod(a, t)))::information_schema.cardinal_number AS numeric_scale,
       (information_schema._pg_datetime_precision(information_schema._pg_truetypid(a, t), information_schema._pg_truetypmod(a, t)))::information_schema.cardinal_number AS datetime_precision,
       (information_schema._pg_interval_type(information_schema._pg_truetypid(a, t), information_schema._pg_truetypmod(a, t)))::information_schema.character_data AS interval_type,
       NULL::information_schema.cardinal_number AS interval_precision, NULL::information_schema.sql_identifier AS character_set_catalog,
       NULL::information_schema.sql_identifier AS character_set_schema, NULL::information_schema.sql_identifier AS character_set_name,
       (CASE WHEN cn.nspname IS NOT NULL THEN current_database() END)::information_schema.sql_identifier AS collation_catalog,
       cn.nspname::information_schema.sql_identifier AS collation_schema, co.collname::information_schema.sql_identifier AS collation_name,
       (CASE WHEN t.typtype = 'd' THEN current_database() END)::information_schema.sql_identifier AS domain_catalog,
       (CASE WHEN t.typtype = 'd' THEN nt.nspname END)::information_schema.sql_identifier AS domain_schema,
       (CASE WHEN t.typtype = 'd' THEN t.typname END)::information_schema.sql_identifier AS domain_name,
       current_database()::information_schema.sql_identifier AS udt_catalog,
       COALESCE(nbt.nspname, nt.nspname)::information_schema.sql_identifier AS udt_schema,
       COALESCE(bt.typname, t.typname)::information_schema.sql_identifier AS udt_name, NULL::information_schema.sql_identifier AS scope_catalog,
       NULL::information_schema.sql_identifier AS scope_schema, NULL::information_schema.sql_identifier AS scope_name,
       NULL::information_schema.cardinal_number AS maximum_cardinality, a.attnum::information_schema.sql_identifier AS dtd_identifier,
       'NO'::information_schema.yes_or_no AS is_self_referencing,
       (CASE WHEN a.attidentity IN ('a', 'd') THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no AS is_identity,
       (CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END)::information_schema.character_data AS identity_generation,
       seq.seqstart::information_schema.character_data AS identity_start, seq.seqincrement::information_schema.character_data AS identity_increment,
       seq.seqmax::information_schema.character_data AS identity_maximum, seq.seqmin::information_schema.character_data AS identity_minimum,
       (CASE WHEN seq.seqcycle THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no AS identity_cycle,
       (CASE WHEN a.attgenerated <> '' THEN 'ALWAYS' ELSE 'NEVER' END)::information_schema.character_data AS is_generated,
       (CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END)::information_schema.character_data AS generation_expression,
       (CASE WHEN c.relkind IN ('r', 'p') OR c.relkind IN ('v', 'f') AND pg_column_is_updatable(c.oid::regclass, a.attnum, false) THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no AS is_updatable
  FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
       JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace nc ON nc.oid = c.relnamespace
       JOIN pg_type t ON t.oid = a.atttypid JOIN pg_namespace nt ON nt.oid = t.typnamespace
       LEFT JOIN (pg_type bt JOIN pg_namespace nbt ON nbt.oid = bt.typnamespace)
           ON t.typtype = 'd' AND bt.oid = t.typbasetype
       LEFT JOIN (pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace)
           ON co.oid = a.attcollation AND (cn.nspname, co.collname) <> ('pg_catalog', 'default')
       LEFT JOIN (pg_depend dep JOIN pg_sequence seq
                      ON dep.classid = 'pg_catalog.pg_class'::regclass AND dep.objid = seq.seqrelid AND dep.deptype = 'i')
           ON dep.refclassid = 'pg_catalog.pg_class'::regclass AND dep.refobjid = c.oid AND dep.refobjsubid = a.attnum
 WHERE NOT pg_is_other_temp_schema(nc.oid) AND a.attnum > 0 AND NOT a.attisdropped
       AND c.relkind IN ('r', 'v', 'f', 'p')
       AND (pg_has_role(c.relowner, 'USAGE') OR has_column_privilege(c.oid, a.attnum, 'SELECT, INSERT, UPDATE, REFERENCES'))

-- view information_schema.constraint_column_usage
SELECT current_database()::information_schema.sql_identifier AS table_catalog, x.tnsp::information_schema.sql_identifier AS table_schema,
       x.relname::information_schema.sql_identifier AS table_name, x.attname::information_schema.sql_identifier AS column_name,
       current_database()::information_schema.sql_identifier AS constraint_catalog, x.cnsp::information_schema.sql_identifier AS constraint_schema,
       x.conname::information_schema.sql_identifier AS constraint_name
  FROM (SELECT DISTINCT nr.nspname AS tnsp, r.relname, r.relowner, a.attname, nc.nspname AS cnsp, c.conname
          FROM pg_constraint c JOIN pg_namespace nc ON nc.oid = c.connamespace
               JOIN pg_depend d ON d.classid = 'pg_catalog.pg_constraint'::regclass AND d.objid = c.oid
                    AND d.refclassid = 'pg_catalog.pg_class'::regclass
               JOIN pg_class r ON r.oid = d.refobjid JOIN pg_namespace nr ON nr.oid = r.relnamespace
               JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = d.refobjsubid
         WHERE c.contype = 'c' AND r.relkind IN ('r', 'p') AND NOT a.attisdropped
        UNION ALL
        SELECT nr.nspname, r.relname, r.relowner, a.attname, nc.nspname, c.conname
          FROM pg_constraint c JOIN pg_namespace nc ON nc.oid = c.connamespace
               JOIN pg_class r ON r.oid = CASE c.contype WHEN 'f' THEN c.confrelid ELSE c.conrelid END
               JOIN pg_namespace nr ON nr.oid = r.relnamespace
               JOIN pg_attribute a ON a.attrelid = r.oid
                    AND a.attnum = ANY (CASE c.contype WHEN 'f' THEN c.confkey ELSE c.conkey END)
         WHERE c.contype IN ('p', 'u', 'f') AND r.relkind IN ('r', 'p') AND NOT a.attisdropped) x
 WHERE pg_has_role(x.relowner, 'USAGE')

-- view information_schema.constraint_table_usage
SELECT current_database()::information_schema.sql_identifier AS table_catalog, nr.nspname::information_schema.sql_identifier AS table_schema,
       r.relname::information_schema.sql_identifier AS table_name, current_database()::information_schema.sql_identifier AS constraint_catalog,
       nc.nspname::information_schema.sql_identifier AS constraint_schema, c.conname::information_schema.sql_identifier AS constraint_name
  FROM pg_constraint c JOIN pg_namespace nc ON nc.oid = c.connamespace
       JOIN pg_class r ON r.oid = CASE c.contype WHEN 'f' THEN c.confrelid ELSE c.conrelid END
       JOIN pg_namespace nr ON nr.oid = r.relnamespace
 WHERE c.contype IN ('p', 'u', 'f') AND r.relkind IN ('r', 'p') AND pg_has_role(r.relowner, 'USAGE')

-- view information_schema.domains
SELECT current_database()::information_schema.sql_identifier AS domain_catalog, nt.nspname::information_schema.sql_identifier AS domain_schema,
       t.typname::information_schema.sql_identifier AS domain_name,
       (CASE WHEN bt.typelem <> 0 AND bt.typlen = -1 THEN 'ARRAY' WHEN nbt.nspname = 'pg_catalog' THEN format_type(t.typbasetype, NULL) ELSE 'USER-DEFINED' END)::information_schema.character_data AS data_type,
       information_schema._pg_char_max_length(t.typbasetype, t.typtypmod)::information_schema.cardinal_number AS character_maximum_length,
       information_schema._pg_char_octet_length(t.typbasetype, t.typtypmod)::information_schema.cardinal_number AS character_octet_length,
       NULL::information_schema.sql_identifier AS character_set_catalog, NULL::information_schema.sql_identifier AS character_set_schema,
       NULL::information_schema.sql_identifier AS character_set_name,
       (CASE WHEN cn.nspname IS NOT NULL THEN current_database() END)::information_schema.sql_identifier AS collation_catalog,
       cn.nspname::information_schema.sql_identifier AS collation_schema, co.collname::information_schema.sql_identifier AS collation_name,
       information_schema._pg_numeric_precision(t.typbasetype, t.typtypmod)::information_schema.cardinal_number AS numeric_precision,
       information_schema._pg_numeric_precision_radix(t.typbasetype, t.typtypmod)::information_schema.cardinal_number AS numeric_precision_radix,
       information_schema._pg_numeric_scale(t.typbasetype, t.typtypmod)::information_schema.cardinal_number AS numeric_scale,
       information_schema._pg_datetime_precision(t.typbasetype, t.typtypmod)::information_schema.cardinal_number AS datetime_precision,
       information_schema._pg_interval_type(t.typbasetype, t.typtypmod)::information_schema.character_data AS interval_type,
       NULL::information_schema.cardinal_number AS interval_precision, t.typdefault::information_schema.character_data AS domain_default,
       current_database()::information_schema.sql_identifier AS udt_catalog, nbt.nspname::information_schema.sql_identifier AS udt_schema,
       bt.typname::information_schema.sql_identifier AS udt_name, NULL::information_schema.sql_identifier AS scope_catalog,
       NULL::information_schema.sql_identifier AS scope_schema, NULL::information_schema.sql_identifier AS scope_name,
       NULL::information_schema.cardinal_number AS maximum_cardinality, 1::information_schema.sql_identifier AS dtd_identifier
  FROM pg_type t JOIN pg_namespace nt ON nt.oid = t.typnamespace JOIN pg_type bt ON bt.oid = t.typbasetype
       JOIN pg_namespace nbt ON nbt.oid = bt.typnamespace
       LEFT JOIN (pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace)
           ON co.oid = t.typcollation AND (cn.nspname, co.collname) <> ('pg_catalog', 'default')
 WHERE t.typtype = 'd' AND (pg_has_role(t.typowner, 'USAGE') OR has_type_privilege(t.oid, 'USAGE'))

-- view information_schema.parameters
SELECT current_database()::information_schema.sql_identifier AS specific_catalog, ss.n_nspname::information_schema.sql_identifier AS specific_schema,
       nameconcatoid(ss.proname, ss.p_oid)::information_schema.sql_identifier AS specific_name,
       ((ss.x).n)::information_schema.cardinal_number AS ordinal_position,
       (CASE WHEN ss.proargmodes IS NULL THEN 'IN' WHEN ss.proargmodes[(ss.x).n] IN ('i', 'v') THEN 'IN' WHEN ss.proargmodes[(ss.x).n] IN ('o', 't') THEN 'OUT' WHEN ss.proargmodes[(ss.x).n] = 'b' THEN 'INOUT' END)::information_schema.character_data AS parameter_mode,
       'NO'::information_schema.yes_or_no AS is_result, 'NO'::information_schema.yes_or_no AS as_locator,
       (NULLIF(ss.proargnames[(ss.x).n], ''))::information_schema.sql_identifier AS parameter_name,
       (CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN 'ARRAY' WHEN nt.nspname = 'pg_catalog' THEN format_type(t.oid, NULL) ELSE 'USER-DEFINED' END)::information_schema.character_data AS data_type,
       NULL::information_schema.cardinal_number AS character_maximum_length, NULL::information_schema.cardinal_number AS character_octet_length,
       NULL::information_schema.sql_identifier AS character_set_catalog, NULL::information_schema.sql_identifier AS character_set_schema,
       NULL::information_schema.sql_identifier AS character_set_name, NULL::information_schema.sql_identifier AS collation_catalog,
       NULL::information_schema.sql_identifier AS collation_schema, NULL::information_schema.sql_identifier AS collation_name,
       NULL::information_schema.cardinal_number AS numeric_precision, NULL::information_schema.cardinal_number AS numeric_precision_radix,
       NULL::information_schema.cardinal_number AS numeric_scale, NULL::information_schema.cardinal_number AS datetime_precision,
       NULL::information_schema.character_data AS interval_type, NULL::information_schema.cardinal_number AS interval_precision,
       current_database()::information_schema.sql_identifier AS udt_catalog, nt.nspname::information_schema.sql_identifier AS udt_schema,
       t.typname::information_schema.sql_identifier AS udt_name, NULL::information_schema.sql_identifier AS scope_catalog,
       NULL::information_schema.sql_identifier AS scope_schema, NULL::information_schema.sql_identifier AS scope_name,
       NULL::information_schema.cardinal_number AS maximum_cardinality, ((ss.x).n)::information_schema.sql_identifier AS dtd_identifier,
       (CASE WHEN pg_has_role(ss.proowner, 'USAGE') THEN pg_get_function_arg_default(ss.p_oid, (ss.x).n) END)::information_schema.character_data AS parameter_default
  FROM (SELECT n.nspname AS n_nspname, p.proname, p.oid AS p_oid, p.proowner, p.proargnames, p.proargmodes,
               information_schema._pg_expandarray(COALESCE(p.proallargtypes, p.proargtypes::oid[])) AS x
          FROM pg_namespace n JOIN pg_proc p ON p.pronamespace = n.oid
         WHERE pg_has_role(p.proowner, 'USAGE') OR has_function_privilege(p.oid, 'EXECUTE')) ss
       JOIN pg_type t ON t.oid = (ss.x).x JOIN pg_namespace nt ON nt.oid = t.typnamespace

-- view information_schema.routines
SELECT current_database()::information_schema.sql_identifier AS specific_catalog, n.nspname::information_schema.sql_identifier AS specific_schema,
       nameconcatoid(p.proname, p.oid)::information_schema.sql_identifier AS specific_name,
       current_database()::information_schema.sql_identifier AS routine_catalog, n.nspname::information_schema.sql_identifier AS routine_schema,
       p.proname::information_schema.sql_identifier AS routine_name,
       (CASE p.prokind WHEN 'f' THEN 'FUNCTION' WHEN 'p' THEN 'PROCEDURE' END)::information_schema.character_data AS routine_type,
       NULL::information_schema.sql_identifier AS module_catalog, NULL::information_schema.sql_identifier AS module_schema,
       NULL::information_schema.sql_identifier AS module_name, NULL::information_schema.sql_identifier AS udt_catalog,
       NULL::information_schema.sql_identifier AS udt_schema, NULL::information_schema.sql_identifier AS udt_name,
       (CASE WHEN p.prokind = 'p' THEN NULL WHEN t.typelem <> 0 AND t.typlen = -1 THEN 'ARRAY' WHEN nt.nspname = 'pg_catalog' THEN format_type(t.oid, NULL) ELSE 'USER-DEFINED' END)::information_schema.character_data AS data_type,
       NULL::information_schema.cardinal_number AS character_maximum_length, NULL::information_schema.cardinal_number AS character_octet_length,
       NULL::information_schema.sql_identifier AS character_set_catalog, NULL::information_schema.sql_identifier AS character_set_schema,
       NULL::information_schema.sql_identifier AS character_set_name, NULL::information_schema.sql_identifier AS collation_catalog,
       NULL::information_schema.sql_identifier AS collation_schema, NULL::information_schema.sql_identifier AS collation_name,
       NULL::information_schema.cardinal_number AS numeric_precision, NULL::information_schema.cardinal_number AS numeric_precision_radix,
       NULL::information_schema.cardinal_number AS numeric_scale, NULL::information_schema.cardinal_number AS datetime_precision,
       NULL::information_schema.character_data AS interval_type, NULL::information_schema.cardinal_number AS interval_precision,
       (CASE WHEN nt.nspname IS NOT NULL THEN current_database() END)::information_schema.sql_identifier AS type_udt_catalog,
       nt.nspname::information_schema.sql_identifier AS type_udt_schema, t.typname::information_schema.sql_identifier AS type_udt_name,
       NULL::information_schema.sql_identifier AS scope_catalog, NULL::information_schema.sql_identifier AS scope_schema,
       NULL::information_schema.sql_identifier AS scope_name, NULL::information_schema.cardinal_number AS maximum_cardinality,
       (CASE WHEN p.prokind <> 'p' THEN 0 END)::information_schema.sql_identifier AS dtd_identifier,
       (CASE WHEN l.lanname = 'sql' THEN 'SQL' ELSE 'EXTERNAL' END)::information_schema.character_data AS routine_body,
       (CASE WHEN pg_has_role(p.proowner, 'USAGE') THEN p.prosrc END)::information_schema.character_data AS routine_definition,
       (CASE WHEN l.lanname = 'c' THEN p.prosrc END)::information_schema.character_data AS external_name,
       upper(l.lanname)::information_schema.character_data AS external_language, 'GENERAL'::information_schema.character_data AS parameter_style,
       (CASE WHEN p.provolatile = 'i' THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no AS is_deterministic,
       'MODIFIES'::information_schema.character_data AS sql_data_access,
       (CASE WHEN p.prokind <> 'p' THEN CASE WHEN p.proisstrict THEN 'YES' ELSE 'NO' END END)::information_schema.yes_or_no AS is_null_call,
       NULL::information_schema.character_data AS sql_path, 'YES'::information_schema.yes_or_no AS schema_level_routine,
       0::information_schema.cardinal_number AS max_dynamic_result_sets, NULL::information_schema.yes_or_no AS is_user_defined_cast,
       NULL::information_schema.yes_or_no AS is_implicitly_invocable,
       (CASE WHEN p.prosecdef THEN 'DEFINER' ELSE 'INVOKER' END)::information_schema.character_data AS security_type,
       NULL::information_schema.sql_identifier AS to_sql_specific_catalog, NULL::information_schema.sql_identifier AS to_sql_specific_schema,
       NULL::information_schema.sql_identifier AS to_sql_specific_name, 'NO'::information_schema.yes_or_no AS as_locator, NULL::information_schema.time_stamp AS created,
       NULL::information_schema.time_stamp AS last_altered, NULL::information_schema.yes_or_no AS new_savepoint_level,
       'NO'::information_schema.yes_or_no AS is_udt_dependent, NULL::information_schema.character_data AS result_cast_from_data_type,
       NULL::information_schema.yes_or_no AS result_cast_as_locator, NULL::information_schema.cardinal_number AS result_cast_char_max_length,
       NULL::information_schema.cardinal_number AS result_cast_char_octet_length,
       NULL::information_schema.sql_identifier AS result_cast_char_set_catalog,
       NULL::information_schema.sql_identifier AS result_cast_char_set_schema, NULL::information_schema.sql_identifier AS result_cast_char_set_name,
       NULL::information_schema.sql_identifier AS result_cast_collation_catalog,
       NULL::information_schema.sql_identifier AS result_cast_collation_schema, NULL::information_schema.sql_identifier AS result_cast_collation_name,
       NULL::information_schema.cardinal_number AS result_cast_numeric_precision,
       NULL::information_schema.cardinal_number AS result_cast_numeric_precision_radix,
       NULL::information_schema.cardinal_number AS result_cast_numeric_scale,
       NULL::information_schema.cardinal_number AS result_cast_datetime_precision,
       NULL::information_schema.character_data AS result_cast_interval_type,
       NULL::information_schema.cardinal_number AS result_cast_interval_precision,
       NULL::information_schema.sql_identifier AS result_cast_type_udt_catalog,
       NULL::information_schema.sql_identifier AS result_cast_type_udt_schema, NULL::information_schema.sql_identifier AS result_cast_type_udt_name,
       NULL::information_schema.sql_identifier AS result_cast_scope_catalog, NULL::information_schema.sql_identifier AS result_cast_scope_schema,
       NULL::information_schema.sql_identifier AS result_cast_scope_name, NULL::information_schema.cardinal_number AS result_cast_maximum_cardinality,
       NULL::information_schema.sql_identifier AS result_cast_dtd_identifier
  FROM pg_namespace n JOIN pg_proc p ON p.pronamespace = n.oid JOIN pg_language l ON l.oid = p.prolang
       LEFT JOIN (pg_type t JOIN pg_namespace nt ON nt.oid = t.typnamespace) ON t.oid = p.prorettype AND p.prokind <> 'p'
 WHERE pg_has_role(p.proowner, 'USAGE') OR has_function_privilege(p.oid, 'EXECUTE')

-- view information_schema.data_type_privileges
SELECT current_database()::information_schema.sql_identifier AS object_catalog, x.objschema::information_schema.sql_identifier AS object_schema,
       x.objname::information_schema.sql_identifier AS object_name, x.objtype::information_schema.character_data AS object_type,
       x.objdtdid::information_schema.sql_identifier AS dtd_identifier
  FROM (SELECT udt_schema, udt_name, 'USER-DEFINED TYPE'::text, dtd_identifier FROM information_schema.attributes
        UNION ALL SELECT table_schema, table_name, 'TABLE'::text, dtd_identifier FROM information_schema.columns
        UNION ALL SELECT domain_schema, domain_name, 'DOMAIN'::text, dtd_identifier FROM information_schema.domains
        UNION ALL SELECT specific_schema, specific_name, 'ROUTINE'::text, dtd_identifier FROM information_schema.parameters
        UNION ALL SELECT specific_schema, specific_name, 'ROUTINE'::text, dtd_identifier FROM information_schema.routines)
       AS x(objschema, objname, objtype, objdtdid)

-- view information_schema.domain_constraints
SELECT current_database()::information_schema.sql_identifier AS constraint_catalog,
       rs.nspname::information_schema.sql_identifier AS constraint_schema, con.conname::information_schema.sql_identifier AS constraint_name,
       current_database()::information_schema.sql_identifier AS domain_catalog, n.nspname::information_schema.sql_identifier AS domain_schema,
       t.typname::information_schema.sql_identifier AS domain_name,
       (CASE WHEN con.condeferrable THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no AS is_deferrable,
       (CASE WHEN con.condeferred THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no AS initially_deferred
  FROM pg_namespace rs JOIN pg_constraint con ON con.connamespace = rs.oid JOIN pg_type t ON t.oid = con.contypid
       JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE pg_has_role(t.typowner, 'USAGE') OR has_type_privilege(t.oid, 'USAGE')

-- view information_schema.domain_udt_usage
SELECT current_database()::information_schema.sql_identifier AS udt_catalog, nbt.nspname::information_schema.sql_identifier AS udt_schema,
       bt.typname::information_schema.sql_identifier AS udt_name, current_database()::information_schema.sql_identifier AS domain_catalog,
       nt.nspname::information_schema.sql_identifier AS domain_schema, t.typname::information_schema.sql_identifier AS domain_name
  FROM pg_type t JOIN pg_namespace nt ON nt.oid = t.typnamespace JOIN pg_type bt ON bt.oid = t.typbasetype
       JOIN pg_namespace nbt ON nbt.oid = bt.typnamespace
 WHERE t.typtype = 'd' AND pg_has_role(bt.typowner, 'USAGE')

-- view information_schema.element_types
SELECT current_database()::information_schema.sql_identifier AS object_catalog, n.nspname::information_schema.sql_identifier AS object_schema,
       x.objname::information_schema.sql_identifier AS object_name, x.objtype::information_schema.character_data AS object_type,
       x.objdtdid::information_schema.sql_identifier AS collection_type_identifier,
       (CASE WHEN nbt.nspname = 'pg_catalog' THEN format_type(bt.oid, NULL) ELSE 'USER-DEFINED' END)::information_schema.character_data AS data_type,
       NULL::information_schema.cardinal_number AS character_maximum_length, NULL::information_schema.cardinal_number AS character_octet_length,
       NULL::information_schema.sql_identifier AS character_set_catalog, NULL::information_schema.sql_identifier AS character_set_schema,
       NULL::information_schema.sql_identifier AS character_set_name,
       (CASE WHEN cn.nspname IS NOT NULL THEN current_database() END)::information_schema.sql_identifier AS collation_catalog,
       cn.nspname::information_schema.sql_identifier AS collation_schema, co.collname::information_schema.sql_identifier AS collation_name,
       NULL::information_schema.cardinal_number AS numeric_precision, NULL::information_schema.cardinal_number AS numeric_precision_radix,
       NULL::information_schema.cardinal_number AS numeric_scale, NULL::information_schema.cardinal_number AS datetime_precision,
       NULL::information_schema.character_data AS interval_type, NULL::information_schema.cardinal_number AS interval_precision,
       NULL::information_schema.character_data AS domain_default, current_database()::information_schema.sql_identifier AS udt_catalog,
       nbt.nspname::information_schema.sql_identifier AS udt_schema, bt.typname::information_schema.sql_identifier AS udt_name,
       NULL::information_schema.sql_identifier AS scope_catalog, NULL::information_schema.sql_identifier AS scope_schema,
       NULL::information_schema.sql_identifier AS scope_name, NULL::information_schema.cardinal_number AS maximum_cardinality,
       ('a' || x.objdtdid)::information_schema.sql_identifier AS dtd_identifier
  FROM (SELECT c.relnamespace, CASE WHEN c.relkind = 'c' THEN 'USER-DEFINED TYPE'::text ELSE 'TABLE'::text END, c.relname,
               a.attnum::text, a.atttypid, a.attcollation
          FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE c.relkind IN ('r', 'v', 'f', 'c', 'p') AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT t.typnamespace, 'DOMAIN'::text, t.typname, '1'::text, t.typbasetype, t.typcollation
          FROM pg_type t WHERE t.typtype = 'd'
        UNION ALL
        SELECT s.pronamespace, 'ROUTINE'::text, nameconcatoid(s.proname, s.oid), ((s.args).n)::text, (s.args).x, 0
          FROM (SELECT p.pronamespace, p.proname, p.oid,
                       information_schema._pg_expandarray(COALESCE(p.proallargtypes, p.proargtypes::oid[])) AS args FROM pg_proc p) s
        UNION ALL
        SELECT p.pronamespace, 'ROUTINE'::text, nameconcatoid(p.proname, p.oid), '0'::text, p.prorettype, 0
          FROM pg_proc p) AS x(objschema, objtype, objname, objdtdid, objtypeid, objcollation)
       JOIN pg_namespace n ON n.oid = x.objschema JOIN pg_type at ON at.oid = x.objtypeid
       JOIN pg_type bt ON bt.oid = at.typelem JOIN pg_namespace nbt ON nbt.oid = bt.typnamespace
       LEFT JOIN (pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace)
           ON co.oid = x.objcollation AND (cn.nspname, co.collname) <> ('pg_catalog', 'default')
 WHERE at.typelem <> 0 AND at.typlen = -1
       AND (n.nspname, x.objname, x.objtype, x.objdtdid::information_schema.sql_identifier) IN
           (SELECT object_schema, object_name, object_type, dtd_identifier FROM information_schema.data_type_privileges)

-- view information_schema.key_column_usage
SELECT current_database()::information_schema.sql_identifier AS constraint_catalog,
       ss.nc_nspname::information_schema.sql_identifier AS constraint_schema, ss.conname::information_schema.sql_identifier AS constraint_name,
       current_database()::information_schema.sql_identifier AS table_catalog, ss.nr_nspname::information_schema.sql_identifier AS table_schema,
       ss.relname::information_schema.sql_identifier AS table_name, a.attname::information_schema.sql_identifier AS column_name,
       ((ss.k).n)::information_schema.cardinal_number AS ordinal_position,
       (CASE WHEN ss.contype = 'f' THEN information_schema._pg_index_position(ss.conindid, ss.confkey[(ss.k).n]) END)::information_schema.cardinal_number AS position_in_unique_constraint
  FROM (SELECT r.oid, r.relname, r.relowner, nc.nspname AS nc_nspname, nr.nspname AS nr_nspname, c.conname, c.contype,
               c.conindid, c.confkey, information_schema._pg_expandarray(c.conkey) AS k
          FROM pg_namespace nr JOIN pg_class r ON r.relnamespace = nr.oid JOIN pg_constraint c ON c.conrelid = r.oid
               JOIN pg_namespace nc ON nc.oid = c.connamespace
         WHERE c.contype IN ('p', 'u', 'f') AND r.relkind IN ('r', 'p') AND NOT pg_is_other_temp_schema(nr.oid)) ss
       JOIN pg_attribute a ON a.attrelid = ss.oid AND a.attnum = (ss.k).x
 WHERE NOT a.attisdropped AND (pg_has_role(ss.relowner, 'USAGE')
       OR has_column_privilege(ss.oid, a.attnum, 'SELECT, INSERT, UPDATE, REFERENCES'))

-- view information_schema.referential_constraints
SELECT current_database()::information_schema.sql_identifier AS constraint_catalog,
       ncon.nspname::information_schema.sql_identifier AS constraint_schema, con.conname::information_schema.sql_identifier AS constraint_name,
       (CASE WHEN npkc.nspname IS NOT NULL THEN current_database() END)::information_schema.sql_identifier AS unique_constraint_catalog,
       npkc.nspname::information_schema.sql_identifier AS unique_constraint_schema,
       pkc.conname::information_schema.sql_identifier AS unique_constraint_name,
       (CASE con.confmatchtype WHEN 'f' THEN 'FULL' WHEN 'p' THEN 'PARTIAL' WHEN 's' THEN 'NONE' END)::information_schema.character_data AS match_option,
       (CASE con.confupdtype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' WHEN 'r' THEN 'RESTRICT' WHEN 'a' THEN 'NO ACTION' END)::information_schema.character_data AS update_rule,
       (CASE con.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' WHEN 'r' THEN 'RESTRICT' WHEN 'a' THEN 'NO ACTION' END)::information_schema.character_data AS delete_rule
  FROM pg_namespace ncon JOIN pg_constraint con ON con.connamespace = ncon.oid
       JOIN pg_class c ON c.oid = con.conrelid AND con.contype = 'f'
       LEFT JOIN pg_depend d1 ON d1.objid = con.oid AND d1.classid = 'pg_catalog.pg_constraint'::regclass
           AND d1.refclassid = 'pg_catalog.pg_class'::regclass AND d1.refobjsubid = 0
       LEFT JOIN pg_depend d2 ON d2.refclassid = 'pg_catalog.pg_constraint'::regclass
           AND d2.classid = 'pg_catalog.pg_class'::regclass AND d2.objid = d1.refobjid AND d2.objsubid = 0
           AND d2.deptype = 'i'
       LEFT JOIN pg_constraint pkc ON pkc.oid = d2.refobjid AND pkc.contype IN ('p', 'u')
           AND pkc.conrelid = con.confrelid
       LEFT JOIN pg_namespace npkc ON npkc.oid = pkc.connamespace
 WHERE pg_has_role(c.relowner, 'USAGE') OR has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
       OR has_any_column_privilege(c.oid, 'INSERT, UPDATE, REFERENCES')

-- view information_schema.role_column_grants
SELECT p.grantor::information_schema.sql_identifier AS grantor, p.grantee::information_schema.sql_identifier AS grantee,
       p.table_catalog::information_schema.sql_identifier AS table_catalog, p.table_schema::information_schema.sql_identifier AS table_schema,
       p.table_name::information_schema.sql_identifier AS table_name, p.column_name::information_schema.sql_identifier AS column_name,
       p.privilege_type::information_schema.character_data AS privilege_type, p.is_grantable::information_schema.yes_or_no AS is_grantable
  FROM information_schema.column_privileges p
 WHERE p.grantor IN (SELECT role_name FROM information_schema.enabled_roles) OR p.grantee IN (SELECT role_name FROM information_schema.enabled_roles)

-- view information_schema.routine_privileges
SELECT u.rolname::information_schema.sql_identifier AS grantor, g.rolname::information_schema.sql_identifier AS grantee,
       current_database()::information_schema.sql_identifier AS specific_catalog, n.nspname::information_schema.sql_identifier AS specific_schema,
       nameconcatoid(x.proname, x.oid)::information_schema.sql_identifier AS specific_name,
       current_database()::information_schema.sql_identifier AS routine_catalog, n.nspname::information_schema.sql_identifier AS routine_schema,
       x.proname::information_schema.sql_identifier AS routine_name, 'EXECUTE'::information_schema.character_data AS privilege_type,
       (CASE WHEN pg_has_role(x.grantee, x.proowner, 'USAGE') OR x.is_grantable THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no AS is_grantable
  FROM (SELECT p.oid, p.proname, p.proowner, p.pronamespace, (aclexplode(COALESCE(p.proacl, acldefault('f', p.proowner)))).*
          FROM pg_proc p) x
       JOIN pg_namespace n ON n.oid = x.pronamespace JOIN pg_authid u ON u.oid = x.grantor
       JOIN (SELECT oid, rolname FROM pg_authid UNION ALL SELECT 0::oid, 'PUBLIC') AS g(oid, rolname) ON g.oid = x.grantee
 WHERE x.privilege_type = 'EXECUTE' AND (pg_has_role(u.oid, 'USAGE') OR pg_has_role(g.oid, 'USAGE') OR g.rolname = 'PUBLIC')

-- view information_schema.role_routine_grants
SELECT p.grantor::information_schema.sql_identifier AS grantor, p.grantee::information_schema.sql_identifier AS grantee,
       p.specific_catalog::information_schema.sql_identifier AS specific_catalog,
       p.specific_schema::information_schema.sql_identifier AS specific_schema, p.specific_name::information_schema.sql_identifier AS specific_name,
       p.routine_catalog::information_schema.sql_identifier AS routine_catalog, p.routine_schema::information_schema.sql_identifier AS routine_schema,
       p.routine_name::information_schema.sql_identifier AS routine_name, p.privilege_type::information_schema.character_data AS privilege_type,
       p.is_grantable::information_schema.yes_or_no AS is_grantable
  FROM information_schema.routine_privileges p
 WHERE p.grantor IN (SELECT role_name FROM information_schema.enabled_roles) OR p.grantee IN (SELECT role_name FROM information_schema.enabled_roles)

-- view information_schema.table_privileges
SELECT u.rolname::information_schema.sql_identifier AS grantor, g.rolname::information_schema.sql_identifier AS grantee,
       current_database()::information_schema.sql_identifier AS table_catalog, nc.nspname::information_schema.sql_identifier AS table_schema,
       x.relname::information_schema.sql_identifier AS table_name, x.privilege_type::information_schema.character_data AS privilege_type,
       (CASE WHEN pg_has_role(x.grantee, x.relowner, 'USAGE') OR x.is_grantable THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no AS is_grantable,
       (CASE WHEN x.privilege_type = 'SELECT' THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no AS with_hierarchy
  FROM (SELECT c.oid, c.relname, c.relnamespace, c.relkind, c.relowner,
               (aclexplode(COALESCE(c.relacl, acldefault('r', c.relowner)))).* FROM pg_class c) x
       JOIN pg_namespace nc ON nc.oid = x.relnamespace JOIN pg_authid u ON u.oid = x.grantor
       JOIN (SELECT oid, rolname FROM pg_authid UNION ALL SELECT 0::oid, 'PUBLIC') AS g(oid, rolname) ON g.oid = x.grantee
 WHERE x.relkind IN ('r', 'v', 'f', 'p')
       AND x.privilege_type IN ('INSERT', 'SELECT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER')
       AND (pg_has_role(u.oid, 'USAGE') OR pg_has_role(g.oid, 'USAGE') OR g.rolname = 'PUBLIC')

-- view information_schema.role_table_grants
SELECT p.grantor::information_schema.sql_identifier AS grantor, p.grantee::information_schema.sql_identifier AS grantee,
       p.table_catalog::information_schema.sql_identifier AS table_catalog, p.table_schema::information_schema.sql_identifier AS table_schema,
       p.table_name::information_schema.sql_identifier AS table_name, p.privilege_type::information_schema.character_data AS privilege_type,
       p.is_grantable::information_schema.yes_or_no AS is_grantable, p.with_hierarchy::information_schema.yes_or_no AS with_hierarchy
  FROM information_schema.table_privileges p
 WHERE p.grantor IN (SELECT role_name FROM information_schema.enabled_roles) OR p.grantee IN (SELECT role_name FROM information_schema.enabled_roles)

-- view information_schema.udt_privileges
SELECT u.rolname::information_schema.sql_identifier AS grantor, g.rolname::information_schema.sql_identifier AS grantee,
       current_database()::information_schema.sql_identifier AS udt_catalog, n.nspname::information_schema.sql_identifier AS udt_schema,
       x.typname::information_schema.sql_identifier AS udt_name, 'TYPE USAGE'::information_schema.character_data AS privilege_type,
       (CASE WHEN pg_has_role(x.grantee, x.typowner, 'USAGE') OR x.is_grantable THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no AS is_grantable
  FROM (SELECT t.typname, t.typnamespace, t.typtype, t.typowner,
               (aclexplode(COALESCE(t.typacl, acldefault('T', t.typowner)))).* FROM pg_type t) x
       JOIN pg_namespace n ON n.oid = x.typnamespace JOIN pg_authid u ON u.oid = x.grantor
       JOIN (SELECT oid, rolname FROM pg_authid UNION ALL SELECT 0::oid, 'PUBLIC') AS g(oid, rolname) ON g.oid = x.grantee
 WHERE x.typtype = 'c' AND x.privilege_type = 'USAGE' AND (pg_has_role(u.oid, 'USAGE') OR pg_has_role(g.oid, 'USAGE') OR g.rolname = 'PUBLIC')

-- view information_schema.role_udt_grants
SELECT p.grantor::information_schema.sql_identifier AS grantor, p.grantee::information_schema.sql_identifier AS grantee,
       p.udt_catalog::information_schema.sql_identifier AS udt_catalog, p.udt_schema::information_schema.sql_identifier AS udt_schema,
       p.udt_name::information_schema.sql_identifier AS udt_name, p.privilege_type::information_schema.character_data AS privilege_type,
       p.is_grantable::information_schema.yes_or_no AS is_grantable
  FROM information_schema.udt_privileges p
 WHERE p.grantor IN (SELECT role_name FROM information_schema.enabled_roles) OR p.grantee IN (SELECT role_name FROM information_schema.enabled_roles)

-- view information_schema.usage_privileges
SELECT u.rolname::information_schema.sql_identifier AS grantor, 'PUBLIC'::information_schema.sql_identifier AS grantee,
       current_database()::information_schema.sql_identifier AS object_catalog, n.nspname::information_schema.sql_identifier AS object_schema,
       c.collname::information_schema.sql_identifier AS object_name, 'COLLATION'::information_schema.character_data AS object_type,
       'USAGE'::information_schema.character_data AS privilege_type, 'NO'::information_schema.yes_or_no AS is_grantable
  FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace JOIN pg_authid u ON u.oid = c.collowner
 WHERE c.collencoding IN (-1, (SELECT d.encoding FROM pg_database d WHERE d.datname = current_database()))
 UNION ALL
SELECT u.rolname::information_schema.sql_identifier, g.rolname::information_schema.sql_identifier, current_database()::information_schema.sql_identifier, n.nspname::information_schema.sql_identifier,
       x.typname::information_schema.sql_identifier, 'DOMAIN'::information_schema.character_data, 'USAGE'::information_schema.character_data,
       (CASE WHEN pg_has_role(x.grantee, x.typowner, 'USAGE') OR x.is_grantable THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no
  FROM (SELECT t.typname, t.typnamespace, t.typtype, t.typowner,
               (aclexplode(COALESCE(t.typacl, acldefault('T', t.typowner)))).* FROM pg_type t) x
       JOIN pg_namespace n ON n.oid = x.typnamespace JOIN pg_authid u ON u.oid = x.grantor
       JOIN (SELECT oid, rolname FROM pg_authid UNION ALL SELECT 0::oid, 'PUBLIC') AS g(oid, rolname) ON g.oid = x.grantee
 WHERE x.typtype = 'd' AND x.privilege_type = 'USAGE' AND (pg_has_role(u.oid, 'USAGE') OR pg_has_role(g.oid, 'USAGE') OR g.rolname = 'PUBLIC')
 UNION ALL
SELECT u.rolname::information_schema.sql_identifier, g.rolname::information_schema.sql_identifier, current_database()::information_schema.sql_identifier, n.nspname::information_schema.sql_identifier,
       x.relname::information_schema.sql_identifier, 'SEQUENCE'::information_schema.character_data, 'USAGE'::information_schema.character_data,
       (CASE WHEN pg_has_role(x.grantee, x.relowner, 'USAGE') OR x.is_grantable THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no
  FROM (SELECT c.relname, c.relnamespace, c.relkind, c.relowner,
               (aclexplode(COALESCE(c.relacl, acldefault('r', c.relowner)))).* FROM pg_class c) x
       JOIN pg_namespace n ON n.oid = x.relnamespace JOIN pg_authid u ON u.oid = x.grantor
       JOIN (SELECT oid, rolname FROM pg_authid UNION ALL SELECT 0::oid, 'PUBLIC') AS g(oid, rolname) ON g.oid = x.grantee
 WHERE x.relkind = 'S' AND x.privilege_type = 'USAGE' AND (pg_has_role(u.oid, 'USAGE') OR pg_has_role(g.oid, 'USAGE') OR g.rolname = 'PUBLIC')

-- view information_schema.role_usage_grants
SELECT p.grantor::information_schema.sql_identifier AS grantor, p.grantee::information_schema.sql_identifier AS grantee,
       p.object_catalog::information_schema.sql_identifier AS object_catalog, p.object_schema::information_schema.sql_identifier AS object_schema,
       p.object_name::information_schema.sql_identifier AS object_name, p.object_type::information_schema.character_data AS object_type,
       p.privilege_type::information_schema.character_data AS privilege_type, p.is_grantable::information_schema.yes_or_no AS is_grantable
  FROM information_schema.usage_privileges p
 WHERE p.grantor IN (SELECT role_name FROM information_schema.enabled_roles) OR p.grantee IN (SELECT role_name FROM information_schema.enabled_roles)

-- view information_schema.routine_table_usage
SELECT current_database()::information_schema.sql_identifier AS specific_catalog, x.nspname::information_schema.sql_identifier AS specific_schema,
       nameconcatoid(x.proname, x.oid)::information_schema.sql_identifier AS specific_name,
       current_database()::information_schema.sql_identifier AS routine_catalog, x.nspname::information_schema.sql_identifier AS routine_schema,
       x.proname::information_schema.sql_identifier AS routine_name, current_database()::information_schema.sql_identifier AS table_catalog,
       x.tnsp::information_schema.sql_identifier AS table_schema, x.relname::information_schema.sql_identifier AS table_name
  FROM (SELECT DISTINCT np.nspname, p.proname, p.oid, nt.nspname AS tnsp, t.relname, t.relowner
          FROM pg_proc p JOIN pg_namespace np ON np.oid = p.pronamespace
               JOIN pg_depend d ON d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid
                    AND d.refclassid = 'pg_catalog.pg_class'::regclass
               JOIN pg_class t ON t.oid = d.refobjid AND t.relkind IN ('r', 'v', 'f', 'p')
               JOIN pg_namespace nt ON nt.oid = t.relnamespace
         WHERE p.prokind IN ('f', 'p')) x
 WHERE pg_has_role(x.relowner, 'USAGE')

-- view information_schema.routine_column_usage
SELECT current_database()::information_schema.sql_identifier AS specific_catalog, x.nspname::information_schema.sql_identifier AS specific_schema,
       nameconcatoid(x.proname, x.oid)::information_schema.sql_identifier AS specific_name,
       current_database()::information_schema.sql_identifier AS routine_catalog, x.nspname::information_schema.sql_identifier AS routine_schema,
       x.proname::information_schema.sql_identifier AS routine_name, current_database()::information_schema.sql_identifier AS table_catalog,
       x.tnsp::information_schema.sql_identifier AS table_schema, x.relname::information_schema.sql_identifier AS table_name,
       x.attname::information_schema.sql_identifier AS column_name
  FROM (SELECT DISTINCT np.nspname, p.proname, p.oid, nt.nspname AS tnsp, t.relname, t.relowner, a.attname
          FROM pg_proc p JOIN pg_namespace np ON np.oid = p.pronamespace
               JOIN pg_depend d ON d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid
                    AND d.refclassid = 'pg_catalog.pg_class'::regclass
               JOIN pg_class t ON t.oid = d.refobjid AND t.relkind IN ('r', 'v', 'f', 'p')
               JOIN pg_namespace nt ON nt.oid = t.relnamespace
               JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
         WHERE p.prokind IN ('f', 'p')) x
 WHERE pg_has_role(x.relowner, 'USAGE')

-- view information_schema.routine_sequence_usage
SELECT current_database()::information_schema.sql_identifier AS specific_catalog, x.nspname::information_schema.sql_identifier AS specific_schema,
       nameconcatoid(x.proname, x.oid)::information_schema.sql_identifier AS specific_name,
       current_database()::information_schema.sql_identifier AS routine_catalog, x.nspname::information_schema.sql_identifier AS routine_schema,
       x.proname::information_schema.sql_identifier AS routine_name, current_database()::information_schema.sql_identifier AS sequence_catalog,
       x.tnsp::information_schema.sql_identifier AS sequence_schema, x.relname::information_schema.sql_identifier AS sequence_name
  FROM (SELECT DISTINCT np.nspname, p.proname, p.oid, nt.nspname AS tnsp, t.relname, t.relowner
          FROM pg_proc p JOIN pg_namespace np ON np.oid = p.pronamespace
               JOIN pg_depend d ON d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid
                    AND d.refclassid = 'pg_catalog.pg_class'::regclass
               JOIN pg_class t ON t.oid = d.refobjid AND t.relkind IN ('S')
               JOIN pg_namespace nt ON nt.oid = t.relnamespace
         WHERE p.prokind IN ('f', 'p')) x
 WHERE pg_has_role(x.relowner, 'USAGE')

-- view information_schema.routine_routine_usage
SELECT current_database()::information_schema.sql_identifier AS specific_catalog, x.nspname::information_schema.sql_identifier AS specific_schema,
       nameconcatoid(x.proname, x.oid)::information_schema.sql_identifier AS specific_name,
       current_database()::information_schema.sql_identifier AS routine_catalog, x.unsp::information_schema.sql_identifier AS routine_schema,
       nameconcatoid(x.uname, x.uoid)::information_schema.sql_identifier AS routine_name
  FROM (SELECT DISTINCT np.nspname, p.proname, p.oid, nu.nspname AS unsp, u.proname AS uname, u.oid AS uoid, u.proowner
          FROM pg_proc p JOIN pg_namespace np ON np.oid = p.pronamespace
               JOIN pg_depend d ON d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid
                    AND d.refclassid = 'pg_catalog.pg_proc'::regclass
               JOIN pg_proc u ON u.oid = d.refobjid JOIN pg_namespace nu ON nu.oid = u.pronamespace
         WHERE p.prokind IN ('f', 'p') AND u.prokind IN ('f', 'p')) x
 WHERE pg_has_role(x.proowner, 'USAGE')

-- view information_schema.transforms
SELECT current_database()::information_schema.sql_identifier AS udt_catalog, nt.nspname::information_schema.sql_identifier AS udt_schema,
       t.typname::information_schema.sql_identifier AS udt_name, current_database()::information_schema.sql_identifier AS specific_catalog,
       np.nspname::information_schema.sql_identifier AS specific_schema,
       nameconcatoid(p.proname, p.oid)::information_schema.sql_identifier AS specific_name,
       l.lanname::information_schema.sql_identifier AS group_name, x.direction::information_schema.character_data AS transform_type
  FROM (SELECT trftype, trflang, trffromsql AS fn, 'FROM SQL'::text AS direction FROM pg_transform WHERE trffromsql <> 0
        UNION ALL SELECT trftype, trflang, trftosql, 'TO SQL'::text FROM pg_transform WHERE trftosql <> 0) x
       JOIN pg_type t ON t.oid = x.trftype JOIN pg_namespace nt ON nt.oid = t.typnamespace
       JOIN pg_language l ON l.oid = x.trflang JOIN pg_proc p ON p.oid = x.fn
       JOIN pg_namespace np ON np.oid = p.pronamespace
 ORDER BY 1, 2, 3, 7, 8

-- view information_schema._pg_foreign_data_wrappers
SELECT NULL::oid AS oid, NULL::oid AS fdwowner, NULL::text[] AS fdwoptions,
       NULL::information_schema.sql_identifier AS foreign_data_wrapper_catalog, NULL::information_schema.sql_identifier AS foreign_data_wrapper_name,
       NULL::information_schema.sql_identifier AS authorization_identifier, NULL::information_schema.character_data AS foreign_data_wrapper_language
 WHERE false

-- view information_schema._pg_foreign_servers
SELECT NULL::oid AS oid, NULL::text[] AS srvoptions, NULL::information_schema.sql_identifier AS foreign_server_catalog,
       NULL::information_schema.sql_identifier AS foreign_server_name, NULL::information_schema.sql_identifier AS foreign_data_wrapper_catalog,
       NULL::information_schema.sql_identifier AS foreign_data_wrapper_name, NULL::information_schema.character_data AS foreign_server_type,
       NULL::information_schema.character_data AS foreign_server_version, NULL::information_schema.sql_identifier AS authorization_identifier
 WHERE false

-- view information_schema._pg_foreign_table_columns
SELECT NULL::name AS nspname, NULL::name AS relname, NULL::name AS attname, NULL::text[] AS attfdwoptions
 WHERE false

-- view information_schema._pg_foreign_tables
SELECT NULL::information_schema.sql_identifier AS foreign_table_catalog, NULL::information_schema.sql_identifier AS foreign_table_schema,
       NULL::information_schema.sql_identifier AS foreign_table_name, NULL::text[] AS ftoptions,
       NULL::information_schema.sql_identifier AS foreign_server_catalog, NULL::information_schema.sql_identifier AS foreign_server_name,
       NULL::information_schema.sql_identifier AS authorization_identifier
 WHERE false

-- view information_schema._pg_user_mappings
SELECT NULL::oid AS oid, NULL::text[] AS umoptions, NULL::oid AS umuser,
       NULL::information_schema.sql_identifier AS authorization_identifier, NULL::information_schema.sql_identifier AS foreign_server_catalog,
       NULL::information_schema.sql_identifier AS foreign_server_name, NULL::information_schema.sql_identifier AS srvowner
 WHERE false

-- view information_schema.column_options
SELECT NULL::information_schema.sql_identifier AS table_catalog, NULL::information_schema.sql_identifier AS table_schema,
       NULL::information_schema.sql_identifier AS table_name, NULL::information_schema.sql_identifier AS column_name,
       NULL::information_schema.sql_identifier AS option_name, NULL::information_schema.character_data AS option_value
 WHERE false

-- view information_schema.foreign_data_wrapper_options
SELECT NULL::information_schema.sql_identifier AS foreign_data_wrapper_catalog, NULL::information_schema.sql_identifier AS foreign_data_wrapper_name,
       NULL::information_schema.sql_identifier AS option_name, NULL::information_schema.character_data AS option_value
 WHERE false

-- view information_schema.foreign_data_wrappers
SELECT NULL::information_schema.sql_identifier AS foreign_data_wrapper_catalog, NULL::information_schema.sql_identifier AS foreign_data_wrapper_name,
       NULL::information_schema.sql_identifier AS authorization_identifier, NULL::information_schema.character_data AS library_name,
       NULL::information_schema.character_data AS foreign_data_wrapper_language
 WHERE false

-- view information_schema.foreign_server_options
SELECT NULL::information_schema.sql_identifier AS foreign_server_catalog, NULL::information_schema.sql_identifier AS foreign_server_name,
       NULL::information_schema.sql_identifier AS option_name, NULL::information_schema.character_data AS option_value
 WHERE false

-- view information_schema.foreign_servers
SELECT NULL::information_schema.sql_identifier AS foreign_server_catalog, NULL::information_schema.sql_identifier AS foreign_server_name,
       NULL::information_schema.sql_identifier AS foreign_data_wrapper_catalog, NULL::information_schema.sql_identifier AS foreign_data_wrapper_name,
       NULL::information_schema.character_data AS foreign_server_type, NULL::information_schema.character_data AS foreign_server_version,
       NULL::information_schema.sql_identifier AS authorization_identifier
 WHERE false

-- view information_schema.foreign_table_options
SELECT NULL::information_schema.sql_identifier AS foreign_table_catalog, NULL::information_schema.sql_identifier AS foreign_table_schema,
       NULL::information_schema.sql_identifier AS foreign_table_name, NULL::information_schema.sql_identifier AS option_name,
       NULL::information_schema.character_data AS option_value
 WHERE false

-- view information_schema.foreign_tables
SELECT NULL::information_schema.sql_identifier AS foreign_table_catalog, NULL::information_schema.sql_identifier AS foreign_table_schema,
       NULL::information_schema.sql_identifier AS foreign_table_name, NULL::information_schema.sql_identifier AS foreign_server_catalog,
       NULL::information_schema.sql_identifier AS foreign_server_name
 WHERE false

-- view information_schema.user_mapping_options
SELECT NULL::information_schema.sql_identifier AS authorization_identifier, NULL::information_schema.sql_identifier AS foreign_server_catalog,
       NULL::information_schema.sql_identifier AS foreign_server_name, NULL::information_schema.sql_identifier AS option_name,
       NULL::information_schema.character_data AS option_value
 WHERE false

-- view information_schema.user_mappings
SELECT NULL::information_schema.sql_identifier AS authorization_identifier, NULL::information_schema.sql_identifier AS foreign_server_catalog,
       NULL::information_schema.sql_identifier AS foreign_server_name
 WHERE false

-- view information_schema.schemata
SELECT current_database()::information_schema.sql_identifier AS catalog_name, n.nspname::information_schema.sql_identifier AS schema_name,
       u.rolname::information_schema.sql_identifier AS schema_owner, NULL::information_schema.sql_identifier AS default_character_set_catalog,
       NULL::information_schema.sql_identifier AS default_character_set_schema, NULL::information_schema.sql_identifier AS default_character_set_name,
       NULL::information_schema.character_data AS sql_path
  FROM pg_namespace n JOIN pg_authid u ON u.oid = n.nspowner
 WHERE pg_has_role(n.nspowner, 'USAGE') OR has_schema_privilege(n.oid, 'CREATE, USAGE')

-- view information_schema.sequences
SELECT current_database()::information_schema.sql_identifier AS sequence_catalog, nc.nspname::information_schema.sql_identifier AS sequence_schema,
       c.relname::information_schema.sql_identifier AS sequence_name, format_type(s.seqtypid, NULL)::information_schema.character_data AS data_type,
       information_schema._pg_numeric_precision(s.seqtypid, -1)::information_schema.cardinal_number AS numeric_precision,
       2::information_schema.cardinal_number AS numeric_precision_radix, 0::information_schema.cardinal_number AS numeric_scale,
       s.seqstart::information_schema.character_data AS start_value, s.seqmin::information_schema.character_data AS minimum_value,
       s.seqmax::information_schema.character_data AS maximum_value, s.seqincrement::information_schema.character_data AS increment,
       (CASE WHEN s.seqcycle THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no AS cycle_option
  FROM pg_namespace nc JOIN pg_class c ON c.relnamespace = nc.oid JOIN pg_sequence s ON s.seqrelid = c.oid
 WHERE c.relkind = 'S' AND NOT pg_is_other_temp_schema(nc.oid)
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
                          AND d.deptype = 'i')
       AND (pg_has_role(c.relowner, 'USAGE') OR has_sequence_privilege(c.oid, 'SELECT, UPDATE, USAGE'))

-- view information_schema.table_constraints
SELECT current_database()::information_schema.sql_identifier AS constraint_catalog,
       nc.nspname::information_schema.sql_identifier AS constraint_schema, c.conname::information_schema.sql_identifier AS constraint_name,
       current_database()::information_schema.sql_identifier AS table_catalog, nr.nspname::information_schema.sql_identifier AS table_schema,
       r.relname::information_schema.sql_identifier AS table_name,
       (CASE c.contype WHEN 'c' THEN 'CHECK' WHEN 'f' THEN 'FOREIGN KEY' WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE' END)::information_schema.character_data AS constraint_type,
       (CASE WHEN c.condeferrable THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no AS is_deferrable,
       (CASE WHEN c.condeferred THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no AS initially_deferred,
       'YES'::information_schema.yes_or_no AS enforced,
       (CASE WHEN c.contype = 'u' THEN CASE WHEN (SELECT NOT i.indnullsnotdistinct FROM pg_index i WHERE i.indexrelid = c.conindid) THEN 'YES' ELSE 'NO' END END)::information_schema.yes_or_no AS nulls_distinct
  FROM pg_namespace nc JOIN pg_constraint c ON c.connamespace = nc.oid JOIN pg_class r ON r.oid = c.conrelid
       JOIN pg_namespace nr ON nr.oid = r.relnamespace
 WHERE c.contype NOT IN ('t', 'x') AND r.relkind IN ('r', 'p') AND NOT pg_is_other_temp_schema(nr.oid)
       AND (pg_has_role(r.relowner, 'USAGE') OR has_table_privilege(r.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
            OR has_any_column_privilege(r.oid, 'INSERT, UPDATE, REFERENCES'))
 UNION ALL
SELECT current_database()::information_schema.sql_identifier, nr.nspname::information_schema.sql_identifier,
       (nr.oid::text || '_' || r.oid::text || '_' || a.attnum::text || '_not_null')::information_schema.sql_identifier,
       current_database()::information_schema.sql_identifier, nr.nspname::information_schema.sql_identifier, r.relname::information_schema.sql_identifier,
       'CHECK'::information_schema.character_data, 'NO'::information_schema.yes_or_no, 'NO'::information_schema.yes_or_no, 'YES'::information_schema.yes_or_no, NULL::information_schema.yes_or_no
  FROM pg_namespace nr JOIN pg_class r ON r.relnamespace = nr.oid JOIN pg_attribute a ON a.attrelid = r.oid
 WHERE a.attnotnull AND a.attnum > 0 AND NOT a.attisdropped AND r.relkind IN ('r', 'p')
       AND NOT pg_is_other_temp_schema(nr.oid)
       AND (pg_has_role(r.relowner, 'USAGE') OR has_table_privilege(r.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
            OR has_any_column_privilege(r.oid, 'INSERT, UPDATE, REFERENCES'))

-- view information_schema.tables
SELECT current_database()::information_schema.sql_identifier AS table_catalog, nc.nspname::information_schema.sql_identifier AS table_schema,
       c.relname::information_schema.sql_identifier AS table_name,
       (CASE WHEN nc.oid = pg_my_temp_schema() THEN 'LOCAL TEMPORARY' WHEN c.relkind IN ('r', 'p') THEN 'BASE TABLE' WHEN c.relkind = 'v' THEN 'VIEW' WHEN c.relkind = 'f' THEN 'FOREIGN' END)::information_schema.character_data AS table_type,
       NULL::information_schema.sql_identifier AS self_referencing_column_name, NULL::information_schema.character_data AS reference_generation,
       (CASE WHEN t.typname IS NOT NULL THEN current_database() END)::information_schema.sql_identifier AS user_defined_type_catalog,
       nt.nspname::information_schema.sql_identifier AS user_defined_type_schema,
       t.typname::information_schema.sql_identifier AS user_defined_type_name,
       (CASE WHEN c.relkind IN ('r', 'p') OR c.relkind IN ('v', 'f') AND pg_relation_is_updatable(c.oid::regclass, false) & 8 = 8 THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no AS is_insertable_into,
       (CASE WHEN t.typname IS NOT NULL THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no AS is_typed,
       NULL::information_schema.character_data AS commit_action
  FROM pg_namespace nc JOIN pg_class c ON c.relnamespace = nc.oid
       LEFT JOIN (pg_type t JOIN pg_namespace nt ON nt.oid = t.typnamespace) ON t.oid = c.reloftype
 WHERE c.relkind IN ('r', 'v', 'f', 'p') AND NOT pg_is_other_temp_schema(nc.oid)
       AND (pg_has_role(c.relowner, 'USAGE')
            OR has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
            OR has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE, REFERENCES'))

-- view information_schema.triggered_update_columns
SELECT current_database()::information_schema.sql_identifier AS trigger_catalog, nc.nspname::information_schema.sql_identifier AS trigger_schema,
       x.tgname::information_schema.sql_identifier AS trigger_name, current_database()::information_schema.sql_identifier AS event_object_catalog,
       nc.nspname::information_schema.sql_identifier AS event_object_schema, c.relname::information_schema.sql_identifier AS event_object_table,
       a.attname::information_schema.sql_identifier AS event_object_column
  FROM (SELECT t.oid, t.tgname, t.tgrelid, unnest(t.tgattr::int2[]) AS attnum FROM pg_trigger t WHERE NOT t.tgisinternal) x
       JOIN pg_class c ON c.oid = x.tgrelid JOIN pg_namespace nc ON nc.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.attnum
 WHERE NOT pg_is_other_temp_schema(nc.oid)
       AND (pg_has_role(c.relowner, 'USAGE') OR has_column_privilege(c.oid, a.attnum, 'INSERT, UPDATE, REFERENCES'))

-- view information_schema.triggers
SELECT current_database()::information_schema.sql_identifier AS trigger_catalog, n.nspname::information_schema.sql_identifier AS trigger_schema,
       t.tgname::information_schema.sql_identifier AS trigger_name, em.text::information_schema.character_data AS event_manipulation,
       current_database()::information_schema.sql_identifier AS event_object_catalog,
       n.nspname::information_schema.sql_identifier AS event_object_schema, c.relname::information_schema.sql_identifier AS event_object_table,
       (rank() OVER (PARTITION BY n.oid, c.oid, em.num, t.tgtype & 1, t.tgtype & 66 ORDER BY t.tgname))::information_schema.cardinal_number AS action_order,
       (CASE WHEN pg_has_role(c.relowner, 'USAGE') THEN (regexp_match(pg_get_triggerdef(t.oid), '.{35,} WHEN \((.+)\) EXECUTE FUNCTION'))[1] END)::information_schema.character_data AS action_condition,
       (substring(pg_get_triggerdef(t.oid) from position('EXECUTE FUNCTION' in substring(pg_get_triggerdef(t.oid) from 48)) + 47))::information_schema.character_data AS action_statement,
       (CASE t.tgtype & 1 WHEN 1 THEN 'ROW' ELSE 'STATEMENT' END)::information_schema.character_data AS action_orientation,
       (CASE t.tgtype & 66 WHEN 2 THEN 'BEFORE' WHEN 64 THEN 'INSTEAD OF' ELSE 'AFTER' END)::information_schema.character_data AS action_timing,
       t.tgoldtable::information_schema.sql_identifier AS action_reference_old_table,
       t.tgnewtable::information_schema.sql_identifier AS action_reference_new_table,
       NULL::information_schema.sql_identifier AS action_reference_old_row, NULL::information_schema.sql_identifier AS action_reference_new_row,
       NULL::information_schema.time_stamp AS created
  FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid JOIN pg_trigger t ON t.tgrelid = c.oid
       JOIN (VALUES (4, 'INSERT'), (8, 'DELETE'), (16, 'UPDATE')) AS em(num, text) ON t.tgtype & em.num <> 0
 WHERE NOT t.tgisinternal AND NOT pg_is_other_temp_schema(n.oid)
       AND (pg_has_role(c.relowner, 'USAGE') OR has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
            OR has_any_column_privilege(c.oid, 'INSERT, UPDATE, REFERENCES'))

-- view information_schema.user_defined_types
SELECT current_database()::information_schema.sql_identifier AS user_defined_type_catalog,
       n.nspname::information_schema.sql_identifier AS user_defined_type_schema,
       c.relname::information_schema.sql_identifier AS user_defined_type_name,
       'STRUCTURED'::information_schema.character_data AS user_defined_type_category, 'YES'::information_schema.yes_or_no AS is_instantiable,
       NULL::information_schema.yes_or_no AS is_final, NULL::information_schema.character_data AS ordering_form,
       NULL::information_schema.character_data AS ordering_category, NULL::information_schema.sql_identifier AS ordering_routine_catalog,
       NULL::information_schema.sql_identifier AS ordering_routine_schema, NULL::information_schema.sql_identifier AS ordering_routine_name,
       NULL::information_schema.character_data AS reference_type, NULL::information_schema.character_data AS data_type,
       NULL::information_schema.cardinal_number AS character_maximum_length, NULL::information_schema.cardinal_number AS character_octet_length,
       NULL::information_schema.sql_identifier AS character_set_catalog, NULL::information_schema.sql_identifier AS character_set_schema,
       NULL::information_schema.sql_identifier AS character_set_name, NULL::information_schema.sql_identifier AS collation_catalog,
       NULL::information_schema.sql_identifier AS collation_schema, NULL::information_schema.sql_identifier AS collation_name,
       NULL::information_schema.cardinal_number AS numeric_precision, NULL::information_schema.cardinal_number AS numeric_precision_radix,
       NULL::information_schema.cardinal_number AS numeric_scale, NULL::information_schema.cardinal_number AS datetime_precision,
       NULL::information_schema.character_data AS interval_type, NULL::information_schema.cardinal_number AS interval_precision,
       NULL::information_schema.sql_identifier AS source_dtd_identifier, NULL::information_schema.sql_identifier AS ref_dtd_identifier
  FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid JOIN pg_type t ON t.oid = c.reltype
 WHERE c.relkind = 'c' AND (pg_has_role(t.typowner, 'USAGE') OR has_type_privilege(t.oid, 'USAGE'))

-- view information_schema.view_column_usage
SELECT current_database()::information_schema.sql_identifier AS view_catalog, x.view_schema::information_schema.sql_identifier AS view_schema,
       x.view_name::information_schema.sql_identifier AS view_name, current_database()::information_schema.sql_identifier AS table_catalog,
       x.table_schema::information_schema.sql_identifier AS table_schema, x.table_name::information_schema.sql_identifier AS table_name,
       x.attname::information_schema.sql_identifier AS column_name
  FROM (SELECT DISTINCT nv.nspname AS view_schema, v.relname AS view_name, nt.nspname AS table_schema, t.relname AS table_name,
               t.relowner, a.attname
          FROM pg_class v JOIN pg_namespace nv ON nv.oid = v.relnamespace
               JOIN pg_rewrite r ON r.ev_class = v.oid AND r.rulename = '_RETURN'
               JOIN pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid
                    AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid <> v.oid
               JOIN pg_class t ON t.oid = d.refobjid AND t.relkind IN ('r', 'v', 'f', 'p')
               JOIN pg_namespace nt ON nt.oid = t.relnamespace
               JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
         WHERE v.relkind = 'v') x
 WHERE pg_has_role(x.relowner, 'USAGE')

-- view information_schema.view_table_usage
SELECT current_database()::information_schema.sql_identifier AS view_catalog, x.view_schema::information_schema.sql_identifier AS view_schema,
       x.view_name::information_schema.sql_identifier AS view_name, current_database()::information_schema.sql_identifier AS table_catalog,
       x.table_schema::information_schema.sql_identifier AS table_schema, x.table_name::information_schema.sql_identifier AS table_name
  FROM (SELECT DISTINCT nv.nspname AS view_schema, v.relname AS view_name, nt.nspname AS table_schema, t.relname AS table_name,
               t.relowner
          FROM pg_class v JOIN pg_namespace nv ON nv.oid = v.relnamespace
               JOIN pg_rewrite r ON r.ev_class = v.oid AND r.rulename = '_RETURN'
               JOIN pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid
                    AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid <> v.oid
               JOIN pg_class t ON t.oid = d.refobjid AND t.relkind IN ('r', 'v', 'f', 'p')
               JOIN pg_namespace nt ON nt.oid = t.relnamespace
         WHERE v.relkind = 'v') x
 WHERE pg_has_role(x.relowner, 'USAGE')

-- view information_schema.view_routine_usage
SELECT current_database()::information_schema.sql_identifier AS table_catalog, x.view_schema::information_schema.sql_identifier AS table_schema,
       x.view_name::information_schema.sql_identifier AS table_name, current_database()::information_schema.sql_identifier AS specific_catalog,
       x.nspname::information_schema.sql_identifier AS specific_schema,
       nameconcatoid(x.proname, x.oid)::information_schema.sql_identifier AS specific_name
  FROM (SELECT DISTINCT nv.nspname AS view_schema, v.relname AS view_name, np.nspname, p.proname, p.oid, p.proowner
          FROM pg_class v JOIN pg_namespace nv ON nv.oid = v.relnamespace
               JOIN pg_rewrite r ON r.ev_class = v.oid AND r.rulename = '_RETURN'
               JOIN pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid
                    AND d.refclassid = 'pg_catalog.pg_proc'::regclass
               JOIN pg_proc p ON p.oid = d.refobjid JOIN pg_namespace np ON np.oid = p.pronamespace
         WHERE v.relkind = 'v') x
 WHERE pg_has_role(x.proowner, 'USAGE')

-- view information_schema.views
SELECT current_database()::information_schema.sql_identifier AS table_catalog, nc.nspname::information_schema.sql_identifier AS table_schema,
       c.relname::information_schema.sql_identifier AS table_name,
       (CASE WHEN pg_has_role(c.relowner, 'USAGE') THEN pg_get_viewdef(c.oid) END)::information_schema.character_data AS view_definition,
       (CASE WHEN 'check_option=cascaded' = ANY (c.reloptions) THEN 'CASCADED' WHEN 'check_option=local' = ANY (c.reloptions) THEN 'LOCAL' ELSE 'NONE' END)::information_schema.character_data AS check_option,
       (CASE WHEN pg_relation_is_updatable(c.oid::regclass, false) & 20 = 20 THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no AS is_updatable,
       (CASE WHEN pg_relation_is_updatable(c.oid::regclass, false) & 8 = 8 THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no AS is_insertable_into,
       (CASE WHEN EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgtype & 81 = 81) THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no AS is_trigger_updatable,
       (CASE WHEN EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgtype & 73 = 73) THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no AS is_trigger_deletable,
       (CASE WHEN EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgtype & 69 = 69) THEN 'YES' ELSE 'NO' END)::information_schema.yes_or_no AS is_trigger_insertable_into
  FROM pg_namespace nc JOIN pg_class c ON c.relnamespace = nc.oid
 WHERE c.relkind = 'v' AND NOT pg_is_other_temp_schema(nc.oid)
       AND (pg_has_role(c.relowner, 'USAGE')
            OR has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
            OR has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE, REFERENCES'))
