-- The system views, each introduced by a line that names it. Names of pg_catalog are not qualified.
-- Names, types and order of the columns are PostgreSQL 15's.

-- view pg_catalog.pg_roles
SELECT r.rolname, r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolreplication,
       r.rolconnlimit, '********'::text AS rolpassword, r.rolvaliduntil, r.rolbypassrls,
       s.setconfig AS rolconfig, r.oid
  FROM pg_authid r LEFT JOIN pg_db_role_setting s ON s.setrole = r.oid AND s.setdatabase = 0

-- view pg_catalog.pg_shadow
SELECT r.rolname AS usename, r.oid AS usesysid, r.rolcreatedb AS usecreatedb, r.rolsuper AS usesuper,
       r.rolreplication AS userepl, r.rolbypassrls AS usebypassrls, r.rolpassword AS passwd,
       r.rolvaliduntil AS valuntil, s.setconfig AS useconfig
  FROM pg_authid r LEFT JOIN pg_db_role_setting s ON s.setrole = r.oid AND s.setdatabase = 0
 WHERE r.rolcanlogin

-- view pg_catalog.pg_group
SELECT r.rolname AS groname, r.oid AS grosysid,
       ARRAY(SELECT m.member FROM pg_auth_members m WHERE m.roleid = r.oid) AS grolist
  FROM pg_authid r
 WHERE NOT r.rolcanlogin

-- view pg_catalog.pg_user
SELECT usename, usesysid, usecreatedb, usesuper, userepl, usebypassrls, '********'::text AS passwd, valuntil,
       useconfig
  FROM pg_shadow

-- view pg_catalog.pg_policies
SELECT n.nspname AS schemaname, c.relname AS tablename, p.polname AS policyname,
       CASE p.polpermissive WHEN true THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END AS permissive,
       CASE p.polroles WHEN '{0}' THEN '{public}'::name[]
            ELSE ARRAY(SELECT r.rolname FROM pg_authid r WHERE r.oid = ANY (p.polroles) ORDER BY r.rolname) END AS roles,
       CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE'
            WHEN '*' THEN 'ALL' END AS cmd,
       pg_get_expr(p.polqual, p.polrelid) AS qual, pg_get_expr(p.polwithcheck, p.polrelid) AS with_check
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid LEFT JOIN pg_namespace n ON n.oid = c.relnamespace

-- view pg_catalog.pg_rules
SELECT n.nspname AS schemaname, c.relname AS tablename, r.rulename, pg_get_ruledef(r.oid) AS definition
  FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE r.rulename <> '_RETURN'

-- view pg_catalog.pg_views
SELECT n.nspname AS schemaname, c.relname AS viewname, pg_get_userbyid(c.relowner) AS viewowner,
       pg_get_viewdef(c.oid) AS definition
  FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'v'

-- view pg_catalog.pg_tables
SELECT n.nspname AS schemaname, c.relname AS tablename, pg_get_userbyid(c.relowner) AS tableowner,
       t.spcname AS tablespace, c.relhasindex AS hasindexes, c.relhasrules AS hasrules,
       c.relhastriggers AS hastriggers, c.relrowsecurity AS rowsecurity
  FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace
 WHERE c.relkind IN ('r', 'p')

-- view pg_catalog.pg_matviews
SELECT n.nspname AS schemaname, c.relname AS matviewname, pg_get_userbyid(c.relowner) AS matviewowner,
       t.spcname AS tablespace, c.relhasindex AS hasindexes, c.relispopulated AS ispopulated,
       pg_get_viewdef(c.oid) AS definition
  FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace
 WHERE c.relkind = 'm'

-- view pg_catalog.pg_indexes
SELECT n.nspname AS schemaname, c.relname AS tablename, i.relname AS indexname, t.spcname AS tablespace,
       pg_get_indexdef(i.oid) AS indexdef
  FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
       LEFT JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_tablespace t ON t.oid = i.reltablespace
 WHERE c.relkind IN ('r', 'm', 'p') AND i.relkind IN ('i', 'I')

-- view pg_catalog.pg_sequences
SELECT n.nspname AS schemaname, c.relname AS sequencename, pg_get_userbyid(c.relowner) AS sequenceowner,
       s.seqtypid::regtype AS data_type, s.seqstart AS start_value, s.seqmin AS min_value, s.seqmax AS max_value,
       s.seqincrement AS increment_by, s.seqcycle AS cycle, s.seqcache AS cache_size,
       CASE WHEN has_sequence_privilege(c.oid, 'SELECT,USAGE'::text) THEN pg_sequence_last_value(c.oid::regclass) END
           AS last_value
  FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT pg_is_other_temp_schema(n.oid) AND c.relkind = 'S'

-- view pg_catalog.pg_stats
SELECT n.nspname AS schemaname, c.relname AS tablename, a.attname, s.stainherit AS inherited,
       s.stanullfrac AS null_frac, s.stawidth AS avg_width, s.stadistinct AS n_distinct,
       CASE WHEN s.stakind1 = 1 THEN s.stavalues1
            WHEN s.stakind2 = 1 THEN s.stavalues2
            WHEN s.stakind3 = 1 THEN s.stavalues3
            WHEN s.stakind4 = 1 THEN s.stavalues4
            WHEN s.stakind5 = 1 THEN s.stavalues5
       END AS most_common_vals,
       CASE WHEN s.stakind1 = 1 THEN s.stanumbers1
            WHEN s.stakind2 = 1 THEN s.stanumbers2
            WHEN s.stakind3 = 1 THEN s.stanumbers3
            WHEN s.stakind4 = 1 THEN s.stanumbers4
            WHEN s.stakind5 = 1 THEN s.stanumbers5
       END AS most_common_freqs,
       CASE WHEN s.stakind1 = 2 THEN s.stavalues1
            WHEN s.stakind2 = 2 THEN s.stavalues2
            WHEN s.stakind3 = 2 THEN s.stavalues3
            WHEN s.stakind4 = 2 THEN s.stavalues4
            WHEN s.stakind5 = 2 THEN s.stavalues5
       END AS histogram_bounds,
       CASE WHEN s.stakind1 = 3 THEN s.stanumbers1[1]
            WHEN s.stakind2 = 3 THEN s.stanumbers2[1]
            WHEN s.stakind3 = 3 THEN s.stanumbers3[1]
            WHEN s.stakind4 = 3 THEN s.stanumbers4[1]
            WHEN s.stakind5 = 3 THEN s.stanumbers5[1]
       END AS correlation,
       CASE WHEN s.stakind1 = 4 THEN s.stavalues1
            WHEN s.stakind2 = 4 THEN s.stavalues2
            WHEN s.stakind3 = 4 THEN s.stavalues3
            WHEN s.stakind4 = 4 THEN s.stavalues4
            WHEN s.stakind5 = 4 THEN s.stavalues5
       END AS most_common_elems,
       CASE WHEN s.stakind1 = 4 THEN s.stanumbers1
            WHEN s.stakind2 = 4 THEN s.stanumbers2
            WHEN s.stakind3 = 4 THEN s.stanumbers3
            WHEN s.stakind4 = 4 THEN s.stanumbers4
            WHEN s.stakind5 = 4 THEN s.stanumbers5
       END AS most_common_elem_freqs,
       CASE WHEN s.stakind1 = 5 THEN s.stanumbers1
            WHEN s.stakind2 = 5 THEN s.stanumbers2
            WHEN s.stakind3 = 5 THEN s.stanumbers3
            WHEN s.stakind4 = 5 THEN s.stanumbers4
            WHEN s.stakind5 = 5 THEN s.stanumbers5
       END AS elem_count_histogram
  FROM pg_statistic s JOIN pg_class c ON c.oid = s.starelid
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = s.staattnum
       LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT a.attisdropped AND has_column_privilege(c.oid, a.attnum, 'select'::text)
       AND (NOT c.relrowsecurity OR NOT row_security_active(c.oid))

-- view pg_catalog.pg_stats_ext
SELECT cn.nspname AS schemaname, c.relname AS tablename, sn.nspname AS statistics_schemaname,
       x.stxname AS statistics_name, pg_get_userbyid(x.stxowner) AS statistics_owner,
       (SELECT array_agg(a.attname ORDER BY a.attnum) FROM unnest(x.stxkeys) AS k(attnum)
          JOIN pg_attribute a ON a.attrelid = x.stxrelid AND a.attnum = k.attnum) AS attnames,
       pg_get_statisticsobjdef_expressions(x.oid) AS exprs, x.stxkind AS kinds, d.stxdinherit AS inherited,
       d.stxdndistinct AS n_distinct, d.stxddependencies AS dependencies, m.most_common_vals,
       m.most_common_val_nulls, m.most_common_freqs, m.most_common_base_freqs
  FROM pg_statistic_ext x JOIN pg_class c ON c.oid = x.stxrelid JOIN pg_statistic_ext_data d ON d.stxoid = x.oid
       LEFT JOIN pg_namespace cn ON cn.oid = c.relnamespace LEFT JOIN pg_namespace sn ON sn.oid = x.stxnamespace
       LEFT JOIN LATERAL (
           SELECT array_agg(i.values) AS most_common_vals, array_agg(i.nulls) AS most_common_val_nulls,
                  array_agg(i.frequency) AS most_common_freqs, array_agg(i.base_frequency) AS most_common_base_freqs
             FROM pg_mcv_list_items(d.stxdmcv) AS i) m ON d.stxdmcv IS NOT NULL
 WHERE NOT EXISTS (SELECT FROM unnest(x.stxkeys) AS k(attnum)
                     JOIN pg_attribute a ON a.attrelid = x.stxrelid AND a.attnum = k.attnum
                    WHERE NOT has_column_privilege(c.oid, a.attnum, 'select'::text))
       AND (NOT c.relrowsecurity OR NOT row_security_active(c.oid))

-- view pg_catalog.pg_stats_ext_exprs
SELECT cn.nspname AS schemaname, c.relname AS tablename, sn.nspname AS statistics_schemaname,
       x.stxname AS statistics_name, pg_get_userbyid(x.stxowner) AS statistics_owner, e.expr,
       d.stxdinherit AS inherited, (e.a).stanullfrac AS null_frac, (e.a).stawidth AS avg_width,
       (e.a).stadistinct AS n_distinct,
       CASE WHEN (e.a).stakind1 = 1 THEN (e.a).stavalues1
            WHEN (e.a).stakind2 = 1 THEN (e.a).stavalues2
            WHEN (e.a).stakind3 = 1 THEN (e.a).stavalues3
            WHEN (e.a).stakind4 = 1 THEN (e.a).stavalues4
            WHEN (e.a).stakind5 = 1 THEN (e.a).stavalues5
       END AS most_common_vals,
       CASE WHEN (e.a).stakind1 = 1 THEN (e.a).stanumbers1
            WHEN (e.a).stakind2 = 1 THEN (e.a).stanumbers2
            WHEN (e.a).stakind3 = 1 THEN (e.a).stanumbers3
            WHEN (e.a).stakind4 = 1 THEN (e.a).stanumbers4
            WHEN (e.a).stakind5 = 1 THEN (e.a).stanumbers5
       END AS most_common_freqs,
       CASE WHEN (e.a).stakind1 = 2 THEN (e.a).stavalues1
            WHEN (e.a).stakind2 = 2 THEN (e.a).stavalues2
            WHEN (e.a).stakind3 = 2 THEN (e.a).stavalues3
            WHEN (e.a).stakind4 = 2 THEN (e.a).stavalues4
            WHEN (e.a).stakind5 = 2 THEN (e.a).stavalues5
       END AS histogram_bounds,
       CASE WHEN (e.a).stakind1 = 3 THEN (e.a).stanumbers1[1]
            WHEN (e.a).stakind2 = 3 THEN (e.a).stanumbers2[1]
            WHEN (e.a).stakind3 = 3 THEN (e.a).stanumbers3[1]
            WHEN (e.a).stakind4 = 3 THEN (e.a).stanumbers4[1]
            WHEN (e.a).stakind5 = 3 THEN (e.a).stanumbers5[1]
       END AS correlation,
       CASE WHEN (e.a).stakind1 = 4 THEN (e.a).stavalues1
            WHEN (e.a).stakind2 = 4 THEN (e.a).stavalues2
            WHEN (e.a).stakind3 = 4 THEN (e.a).stavalues3
            WHEN (e.a).stakind4 = 4 THEN (e.a).stavalues4
            WHEN (e.a).stakind5 = 4 THEN (e.a).stavalues5
       END AS most_common_elems,
       CASE WHEN (e.a).stakind1 = 4 THEN (e.a).stanumbers1
            WHEN (e.a).stakind2 = 4 THEN (e.a).stanumbers2
            WHEN (e.a).stakind3 = 4 THEN (e.a).stanumbers3
            WHEN (e.a).stakind4 = 4 THEN (e.a).stanumbers4
            WHEN (e.a).stakind5 = 4 THEN (e.a).stanumbers5
       END AS most_common_elem_freqs,
       CASE WHEN (e.a).stakind1 = 5 THEN (e.a).stanumbers1
            WHEN (e.a).stakind2 = 5 THEN (e.a).stanumbers2
            WHEN (e.a).stakind3 = 5 THEN (e.a).stanumbers3
            WHEN (e.a).stakind4 = 5 THEN (e.a).stanumbers4
            WHEN (e.a).stakind5 = 5 THEN (e.a).stanumbers5
       END AS elem_count_histogram
  FROM pg_statistic_ext x JOIN pg_class c ON c.oid = x.stxrelid
       LEFT JOIN pg_statistic_ext_data d ON d.stxoid = x.oid
       LEFT JOIN pg_namespace cn ON cn.oid = c.relnamespace LEFT JOIN pg_namespace sn ON sn.oid = x.stxnamespace
       JOIN LATERAL (SELECT unnest(pg_get_statisticsobjdef_expressions(x.oid)) AS expr, unnest(d.stxdexpr) AS a) e
           ON e.expr IS NOT NULL

-- view pg_catalog.pg_publication_tables
SELECT p.pubname, n.nspname AS schemaname, c.relname AS tablename,
       (SELECT array_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
         WHERE a.attrelid = t.relid AND a.attnum = ANY (t.attrs)) AS attnames,
       pg_get_expr(t.qual, t.relid) AS rowfilter
  FROM pg_publication p CROSS JOIN LATERAL pg_get_publication_tables(p.pubname::text) AS t(relid, attrs, qual)
       JOIN pg_class c ON c.oid = t.relid JOIN pg_namespace n ON n.oid = c.relnamespace

-- view pg_catalog.pg_locks
SELECT l.locktype, l.database, l.relation, l.page, l.tuple, l.virtualxid, l.transactionid, l.classid, l.objid,
       l.objsubid, l.virtualtransaction, l.pid, l.mode, l.granted, l.fastpath, l.waitstart
  FROM pg_lock_status() AS l

-- view pg_catalog.pg_cursors
SELECT c.name, c.statement, c.is_holdable, c.is_binary, c.is_scrollable, c.creation_time
  FROM pg_cursor() AS c

-- view pg_catalog.pg_prepared_statements
SELECT p.name, p.statement, p.prepare_time, p.parameter_types, p.from_sql, p.generic_plans, p.custom_plans
  FROM pg_prepared_statement() AS p

-- view pg_catalog.pg_settings
SELECT s.name, s.setting, s.unit, s.category, s.short_desc, s.extra_desc, s.context, s.vartype, s.source,
       s.min_val, s.max_val, s.enumvals, s.boot_val, s.reset_val, s.sourcefile, s.sourceline, s.pending_restart
  FROM pg_show_all_settings() AS s

-- view pg_catalog.pg_file_settings
SELECT s.sourcefile, s.sourceline, s.seqno, s.name, s.setting, s.applied, s.error
  FROM pg_show_all_file_settings() AS s

-- view pg_catalog.pg_hba_file_rules
SELECT h.line_number, h.type, h.database, h.user_name, h.address, h.netmask, h.auth_method, h.options, h.error
  FROM pg_hba_file_rules() AS h

-- view pg_catalog.pg_ident_file_mappings
SELECT m.line_number, m.map_name, m.sys_name, m.pg_username, m.error
  FROM pg_ident_file_mappings() AS m

-- view pg_catalog.pg_timezone_abbrevs
SELECT z.abbrev, z.utc_offset, z.is_dst
  FROM pg_timezone_abbrevs() AS z

-- view pg_catalog.pg_timezone_names
SELECT z.name, z.abbrev, z.utc_offset, z.is_dst
  FROM pg_timezone_names() AS z

-- view pg_catalog.pg_config
SELECT c.name, c.setting
  FROM pg_config() AS c

-- view pg_catalog.pg_shmem_allocations
SELECT a.name, a.off, a.size, a.allocated_size
  FROM pg_get_shmem_allocations() AS a

-- view pg_catalog.pg_backend_memory_contexts
SELECT m.name, m.ident, m.parent, m.level, m.total_bytes, m.total_nblocks, m.free_bytes, m.free_chunks,
       m.used_bytes
  FROM pg_get_backend_memory_contexts() AS m

-- view pg_catalog.pg_replication_origin_status
SELECT o.local_id, o.external_id, o.remote_lsn, o.local_lsn
  FROM pg_show_replication_origin_status() AS o

-- view pg_catalog.pg_stat_archiver
SELECT a.archived_count, a.last_archived_wal, a.last_archived_time, a.failed_count, a.last_failed_wal,
       a.last_failed_time, a.stats_reset
  FROM pg_stat_get_archiver() AS a

-- view pg_catalog.pg_stat_wal
SELECT w.wal_records, w.wal_fpi, w.wal_bytes, w.wal_buffers_full, w.wal_write, w.wal_sync, w.wal_write_time,
       w.wal_sync_time, w.stats_reset
  FROM pg_stat_get_wal() AS w

-- view pg_catalog.pg_stat_slru
SELECT s.name, s.blks_zeroed, s.blks_hit, s.blks_read, s.blks_written, s.blks_exists, s.flushes, s.truncates,
       s.stats_reset
  FROM pg_stat_get_slru() AS s

-- view pg_catalog.pg_stat_recovery_prefetch
SELECT p.stats_reset, p.prefetch, p.hit, p.skip_init, p.skip_new, p.skip_fpw, p.skip_rep, p.wal_distance,
       p.block_distance, p.io_depth
  FROM pg_stat_get_recovery_prefetch() AS p

-- view pg_catalog.pg_available_extensions
SELECT e.name, e.default_version, x.extversion AS installed_version, e.comment
  FROM pg_available_extensions() AS e LEFT JOIN pg_extension x ON x.extname = e.name

-- view pg_catalog.pg_available_extension_versions
SELECT e.name, e.version, x.extname IS NOT NULL AS installed, e.superuser, e.trusted, e.relocatable, e.schema,
       e.requires, e.comment
  FROM pg_available_extension_versions() AS e
       LEFT JOIN pg_extension x ON x.extname = e.name AND x.extversion = e.version

-- view pg_catalog.pg_prepared_xacts
SELECT p.transaction, p.gid, p.prepared, u.rolname AS owner, d.datname AS database
  FROM pg_prepared_xact() AS p LEFT JOIN pg_authid u ON u.oid = p.ownerid LEFT JOIN pg_database d ON d.oid = p.dbid

-- view pg_catalog.pg_seclabels
SELECT l.objoid, l.classoid, l.objsubid,
       CASE WHEN l.objsubid <> 0 THEN 'column'
            ELSE (pg_identify_object(l.classoid, l.objoid, l.objsubid)).type END AS objtype,
       c.relnamespace AS objnamespace, (pg_identify_object(l.classoid, l.objoid, l.objsubid)).identity AS objname,
       l.provider, l.label
  FROM pg_seclabel l LEFT JOIN pg_class c ON l.classoid = 'pg_catalog.pg_class'::regclass AND c.oid = l.objoid
 UNION ALL
SELECT l.objoid, l.classoid, 0, (pg_identify_object(l.classoid, l.objoid, 0)).type, NULL::oid,
       (pg_identify_object(l.classoid, l.objoid, 0)).identity, l.provider, l.label
  FROM pg_shseclabel l

-- view pg_catalog.pg_user_mappings
SELECT m.oid AS umid, s.oid AS srvid, s.srvname, m.umuser,
       CASE WHEN m.umuser = 0 THEN 'public'::name ELSE a.rolname END AS usename,
       CASE WHEN m.umuser <> 0 AND a.rolname = current_user
                 AND (pg_has_role(s.srvowner, 'USAGE'::text) OR has_server_privilege(s.oid, 'USAGE'::text))
              OR m.umuser = 0 AND pg_has_role(s.srvowner, 'USAGE'::text)
              OR (SELECT r.rolsuper FROM pg_authid r WHERE r.rolname = current_user)
            THEN m.umoptions END AS umoptions
  FROM pg_user_mapping m JOIN pg_foreign_server s ON s.oid = m.umserver LEFT JOIN pg_authid a ON a.oid = m.umuser

-- view pg_catalog.pg_replication_slots
SELECT s.slot_name, s.plugin, s.slot_type, s.datoid, d.datname AS database, s.temporary, s.active, s.active_pid,
       s.xmin, s.catalog_xmin, s.restart_lsn, s.confirmed_flush_lsn, s.wal_status, s.safe_wal_size, s.two_phase
  FROM pg_get_replication_slots() AS s LEFT JOIN pg_database d ON d.oid = s.datoid

-- view pg_catalog.pg_stat_activity
SELECT a.datid, d.datname, a.pid, a.leader_pid, a.usesysid, u.rolname AS usename, a.application_name, a.client_addr,
       a.client_hostname, a.client_port, a.backend_start, a.xact_start, a.query_start, a.state_change,
       a.wait_event_type, a.wait_event, a.state, a.backend_xid, a.backend_xmin, a.query_id, a.query, a.backend_type
  FROM pg_stat_get_activity(NULL::integer) AS a LEFT JOIN pg_database d ON d.oid = a.datid
       LEFT JOIN pg_authid u ON u.oid = a.usesysid

-- view pg_catalog.pg_stat_replication
SELECT a.pid, a.usesysid, u.rolname AS usename, a.application_name, a.client_addr, a.client_hostname, a.client_port,
       a.backend_start, a.backend_xmin, w.state, w.sent_lsn, w.write_lsn, w.flush_lsn, w.replay_lsn, w.write_lag,
       w.flush_lag, w.replay_lag, w.sync_priority, w.sync_state, w.reply_time
  FROM pg_stat_get_wal_senders() AS w JOIN pg_stat_get_activity(NULL::integer) AS a ON a.pid = w.pid
       LEFT JOIN pg_authid u ON u.oid = a.usesysid

-- view pg_catalog.pg_stat_wal_receiver
SELECT r.pid, r.status, r.receive_start_lsn, r.receive_start_tli, r.written_lsn, r.flushed_lsn, r.received_tli,
       r.last_msg_send_time, r.last_msg_receipt_time, r.latest_end_lsn, r.latest_end_time, r.slot_name,
       r.sender_host, r.sender_port, r.conninfo
  FROM pg_stat_get_wal_receiver() AS r
 WHERE r.pid IS NOT NULL

-- view pg_catalog.pg_stat_ssl
SELECT a.pid, a.ssl, a.sslversion AS version, a.sslcipher AS cipher, a.sslbits AS bits, a.ssl_client_dn AS client_dn,
       a.ssl_client_serial AS client_serial, a.ssl_issuer_dn AS issuer_dn
  FROM pg_stat_get_activity(NULL::integer) AS a
 WHERE a.client_port IS NOT NULL

-- view pg_catalog.pg_stat_gssapi
SELECT a.pid, a.gss_auth AS gss_authenticated, a.gss_princ AS principal, a.gss_enc AS encrypted
  FROM pg_stat_get_activity(NULL::integer) AS a
 WHERE a.client_port IS NOT NULL

-- view pg_catalog.pg_stat_replication_slots
SELECT s.slot_name, s.spill_txns, s.spill_count, s.spill_bytes, s.stream_txns, s.stream_count, s.stream_bytes,
       s.total_txns, s.total_bytes, s.stats_reset
  FROM pg_replication_slots r CROSS JOIN LATERAL pg_stat_get_replication_slot(r.slot_name::text) AS s
 WHERE r.datoid IS NOT NULL

-- view pg_catalog.pg_stat_subscription
SELECT s.oid AS subid, s.subname, t.pid, t.relid, t.received_lsn, t.last_msg_send_time, t.last_msg_receipt_time,
       t.latest_end_lsn, t.latest_end_time
  FROM pg_subscription s LEFT JOIN pg_stat_get_subscription(NULL::oid) AS t ON t.subid = s.oid

-- view pg_catalog.pg_stat_subscription_stats
SELECT t.subid, s.subname, t.apply_error_count, t.sync_error_count, t.stats_reset
  FROM pg_subscription s CROSS JOIN LATERAL pg_stat_get_subscription_stats(s.oid) AS t

-- view pg_catalog.pg_stat_database
SELECT d.oid AS datid, d.datname,
       CASE WHEN d.oid = 0 THEN 0 ELSE pg_stat_get_db_numbackends(d.oid) END AS numbackends,
       pg_stat_get_db_xact_commit(d.oid) AS xact_commit, pg_stat_get_db_xact_rollback(d.oid) AS xact_rollback,
       pg_stat_get_db_blocks_fetched(d.oid) - pg_stat_get_db_blocks_hit(d.oid) AS blks_read,
       pg_stat_get_db_blocks_hit(d.oid) AS blks_hit, pg_stat_get_db_tuples_returned(d.oid) AS tup_returned,
       pg_stat_get_db_tuples_fetched(d.oid) AS tup_fetched,
       pg_stat_get_db_tuples_inserted(d.oid) AS tup_inserted,
       pg_stat_get_db_tuples_updated(d.oid) AS tup_updated,
       pg_stat_get_db_tuples_deleted(d.oid) AS tup_deleted, pg_stat_get_db_conflict_all(d.oid) AS conflicts,
       pg_stat_get_db_temp_files(d.oid) AS temp_files, pg_stat_get_db_temp_bytes(d.oid) AS temp_bytes,
       pg_stat_get_db_deadlocks(d.oid) AS deadlocks,
       pg_stat_get_db_checksum_failures(d.oid) AS checksum_failures,
       pg_stat_get_db_checksum_last_failure(d.oid) AS checksum_last_failure,
       pg_stat_get_db_blk_read_time(d.oid) AS blk_read_time,
       pg_stat_get_db_blk_write_time(d.oid) AS blk_write_time,
       pg_stat_get_db_session_time(d.oid) AS session_time, pg_stat_get_db_active_time(d.oid) AS active_time,
       pg_stat_get_db_idle_in_transaction_time(d.oid) AS idle_in_transaction_time,
       pg_stat_get_db_sessions(d.oid) AS sessions,
       pg_stat_get_db_sessions_abandoned(d.oid) AS sessions_abandoned,
       pg_stat_get_db_sessions_fatal(d.oid) AS sessions_fatal,
       pg_stat_get_db_sessions_killed(d.oid) AS sessions_killed,
       pg_stat_get_db_stat_reset_time(d.oid) AS stats_reset
  FROM (SELECT 0::oid AS oid, NULL::name AS datname UNION ALL SELECT pg_database.oid, pg_database.datname FROM pg_database) d

-- view pg_catalog.pg_stat_database_conflicts
SELECT d.oid AS datid, d.datname, pg_stat_get_db_conflict_tablespace(d.oid) AS confl_tablespace,
       pg_stat_get_db_conflict_lock(d.oid) AS confl_lock,
       pg_stat_get_db_conflict_snapshot(d.oid) AS confl_snapshot,
       pg_stat_get_db_conflict_bufferpin(d.oid) AS confl_bufferpin,
       pg_stat_get_db_conflict_startup_deadlock(d.oid) AS confl_deadlock
  FROM pg_database d

-- view pg_catalog.pg_stat_bgwriter
SELECT pg_stat_get_bgwriter_timed_checkpoints() AS checkpoints_timed,
       pg_stat_get_bgwriter_requested_checkpoints() AS checkpoints_req,
       pg_stat_get_checkpoint_write_time() AS checkpoint_write_time,
       pg_stat_get_checkpoint_sync_time() AS checkpoint_sync_time,
       pg_stat_get_bgwriter_buf_written_checkpoints() AS buffers_checkpoint,
       pg_stat_get_bgwriter_buf_written_clean() AS buffers_clean,
       pg_stat_get_bgwriter_maxwritten_clean() AS maxwritten_clean,
       pg_stat_get_buf_written_backend() AS buffers_backend,
       pg_stat_get_buf_fsync_backend() AS buffers_backend_fsync, pg_stat_get_buf_alloc() AS buffers_alloc,
       pg_stat_get_bgwriter_stat_reset_time() AS stats_reset

-- view pg_catalog.pg_stat_all_tables
SELECT c.oid AS relid,
       n.nspname AS schemaname,
       c.relname,
       pg_stat_get_numscans(c.oid) AS seq_scan,
       pg_stat_get_tuples_returned(c.oid) AS seq_tup_read,
       (SELECT sum(pg_stat_get_numscans(i.indexrelid))::bigint FROM pg_index i WHERE i.indrelid = c.oid) AS idx_scan,
       (SELECT sum(pg_stat_get_tuples_fetched(i.indexrelid))::bigint FROM pg_index i WHERE i.indrelid = c.oid)
           + pg_stat_get_tuples_fetched(c.oid) AS idx_tup_fetch,
       pg_stat_get_tuples_inserted(c.oid) AS n_tup_ins,
       pg_stat_get_tuples_updated(c.oid) AS n_tup_upd,
       pg_stat_get_tuples_deleted(c.oid) AS n_tup_del,
       pg_stat_get_tuples_hot_updated(c.oid) AS n_tup_hot_upd,
       pg_stat_get_live_tuples(c.oid) AS n_live_tup,
       pg_stat_get_dead_tuples(c.oid) AS n_dead_tup,
       pg_stat_get_mod_since_analyze(c.oid) AS n_mod_since_analyze,
       pg_stat_get_ins_since_vacuum(c.oid) AS n_ins_since_vacuum,
       pg_stat_get_last_vacuum_time(c.oid) AS last_vacuum,
       pg_stat_get_last_autovacuum_time(c.oid) AS last_autovacuum,
       pg_stat_get_last_analyze_time(c.oid) AS last_analyze,
       pg_stat_get_last_autoanalyze_time(c.oid) AS last_autoanalyze,
       pg_stat_get_vacuum_count(c.oid) AS vacuum_count,
       pg_stat_get_autovacuum_count(c.oid) AS autovacuum_count,
       pg_stat_get_analyze_count(c.oid) AS analyze_count,
       pg_stat_get_autoanalyze_count(c.oid) AS autoanalyze_count
  FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 't', 'm', 'p')

-- view pg_catalog.pg_stat_xact_all_tables
SELECT c.oid AS relid,
       n.nspname AS schemaname,
       c.relname,
       pg_stat_get_xact_numscans(c.oid) AS seq_scan,
       pg_stat_get_xact_tuples_returned(c.oid) AS seq_tup_read,
       (SELECT sum(pg_stat_get_xact_numscans(i.indexrelid))::bigint FROM pg_index i WHERE i.indrelid = c.oid) AS idx_scan,
       (SELECT sum(pg_stat_get_xact_tuples_fetched(i.indexrelid))::bigint FROM pg_index i WHERE i.indrelid = c.oid)
           + pg_stat_get_xact_tuples_fetched(c.oid) AS idx_tup_fetch,
       pg_stat_get_xact_tuples_inserted(c.oid) AS n_tup_ins,
       pg_stat_get_xact_tuples_updated(c.oid) AS n_tup_upd,
       pg_stat_get_xact_tuples_deleted(c.oid) AS n_tup_del,
       pg_stat_get_xact_tuples_hot_updated(c.oid) AS n_tup_hot_upd
  FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 't', 'm', 'p')

-- view pg_catalog.pg_stat_all_indexes
SELECT c.oid AS relid, i.oid AS indexrelid, n.nspname AS schemaname, c.relname, i.relname AS indexrelname,
       pg_stat_get_numscans(i.oid) AS idx_scan, pg_stat_get_tuples_returned(i.oid) AS idx_tup_read,
       pg_stat_get_tuples_fetched(i.oid) AS idx_tup_fetch
  FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
       LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 't', 'm')

-- view pg_catalog.pg_statio_all_tables
SELECT c.oid AS relid, n.nspname AS schemaname, c.relname,
       pg_stat_get_blocks_fetched(c.oid) - pg_stat_get_blocks_hit(c.oid) AS heap_blks_read,
       pg_stat_get_blocks_hit(c.oid) AS heap_blks_hit,
       (SELECT sum(pg_stat_get_blocks_fetched(i.indexrelid) - pg_stat_get_blocks_hit(i.indexrelid))::bigint
          FROM pg_index i WHERE i.indrelid = c.oid) AS idx_blks_read,
       (SELECT sum(pg_stat_get_blocks_hit(i.indexrelid))::bigint FROM pg_index i WHERE i.indrelid = c.oid)
           AS idx_blks_hit,
       pg_stat_get_blocks_fetched(t.oid) - pg_stat_get_blocks_hit(t.oid) AS toast_blks_read,
       pg_stat_get_blocks_hit(t.oid) AS toast_blks_hit,
       (SELECT sum(pg_stat_get_blocks_fetched(i.indexrelid) - pg_stat_get_blocks_hit(i.indexrelid))::bigint
          FROM pg_index i WHERE i.indrelid = t.oid) AS tidx_blks_read,
       (SELECT sum(pg_stat_get_blocks_hit(i.indexrelid))::bigint FROM pg_index i WHERE i.indrelid = t.oid)
           AS tidx_blks_hit
  FROM pg_class c LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
       LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 't', 'm')

-- view pg_catalog.pg_statio_all_indexes
SELECT c.oid AS relid, i.oid AS indexrelid, n.nspname AS schemaname, c.relname, i.relname AS indexrelname,
       pg_stat_get_blocks_fetched(i.oid) - pg_stat_get_blocks_hit(i.oid) AS idx_blks_read,
       pg_stat_get_blocks_hit(i.oid) AS idx_blks_hit
  FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
       LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 't', 'm')

-- view pg_catalog.pg_statio_all_sequences
SELECT c.oid AS relid, n.nspname AS schemaname, c.relname,
       pg_stat_get_blocks_fetched(c.oid) - pg_stat_get_blocks_hit(c.oid) AS blks_read,
       pg_stat_get_blocks_hit(c.oid) AS blks_hit
  FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'S'

-- view pg_catalog.pg_stat_sys_tables
SELECT relid, schemaname, relname, seq_scan, seq_tup_read, idx_scan, idx_tup_fetch, n_tup_ins, n_tup_upd,
       n_tup_del, n_tup_hot_upd, n_live_tup, n_dead_tup, n_mod_since_analyze, n_ins_since_vacuum, last_vacuum,
       last_autovacuum, last_analyze, last_autoanalyze, vacuum_count, autovacuum_count, analyze_count,
       autoanalyze_count
  FROM pg_stat_all_tables
 WHERE schemaname IN ('pg_catalog', 'information_schema') OR schemaname ~ '^pg_toast'

-- view pg_catalog.pg_stat_user_tables
SELECT relid, schemaname, relname, seq_scan, seq_tup_read, idx_scan, idx_tup_fetch, n_tup_ins, n_tup_upd,
       n_tup_del, n_tup_hot_upd, n_live_tup, n_dead_tup, n_mod_since_analyze, n_ins_since_vacuum, last_vacuum,
       last_autovacuum, last_analyze, last_autoanalyze, vacuum_count, autovacuum_count, analyze_count,
       autoanalyze_count
  FROM pg_stat_all_tables
 WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND schemaname !~ '^pg_toast'

-- view pg_catalog.pg_stat_xact_sys_tables
SELECT relid, schemaname, relname, seq_scan, seq_tup_read, idx_scan, idx_tup_fetch, n_tup_ins, n_tup_upd,
       n_tup_del, n_tup_hot_upd
  FROM pg_stat_xact_all_tables
 WHERE schemaname IN ('pg_catalog', 'information_schema') OR schemaname ~ '^pg_toast'

-- view pg_catalog.pg_stat_xact_user_tables
SELECT relid, schemaname, relname, seq_scan, seq_tup_read, idx_scan, idx_tup_fetch, n_tup_ins, n_tup_upd,
       n_tup_del, n_tup_hot_upd
  FROM pg_stat_xact_all_tables
 WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND schemaname !~ '^pg_toast'

-- view pg_catalog.pg_stat_sys_indexes
SELECT relid, indexrelid, schemaname, relname, indexrelname, idx_scan, idx_tup_read, idx_tup_fetch
  FROM pg_stat_all_indexes
 WHERE schemaname IN ('pg_catalog', 'information_schema') OR schemaname ~ '^pg_toast'

-- view pg_catalog.pg_stat_user_indexes
SELECT relid, indexrelid, schemaname, relname, indexrelname, idx_scan, idx_tup_read, idx_tup_fetch
  FROM pg_stat_all_indexes
 WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND schemaname !~ '^pg_toast'

-- view pg_catalog.pg_statio_sys_tables
SELECT relid, schemaname, relname, heap_blks_read, heap_blks_hit, idx_blks_read, idx_blks_hit, toast_blks_read,
       toast_blks_hit, tidx_blks_read, tidx_blks_hit
  FROM pg_statio_all_tables
 WHERE schemaname IN ('pg_catalog', 'information_schema') OR schemaname ~ '^pg_toast'

-- view pg_catalog.pg_statio_user_tables
SELECT relid, schemaname, relname, heap_blks_read, heap_blks_hit, idx_blks_read, idx_blks_hit, toast_blks_read,
       toast_blks_hit, tidx_blks_read, tidx_blks_hit
  FROM pg_statio_all_tables
 WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND schemaname !~ '^pg_toast'

-- view pg_catalog.pg_statio_sys_indexes
SELECT relid, indexrelid, schemaname, relname, indexrelname, idx_blks_read, idx_blks_hit
  FROM pg_statio_all_indexes
 WHERE schemaname IN ('pg_catalog', 'information_schema') OR schemaname ~ '^pg_toast'

-- view pg_catalog.pg_statio_user_indexes
SELECT relid, indexrelid, schemaname, relname, indexrelname, idx_blks_read, idx_blks_hit
  FROM pg_statio_all_indexes
 WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND schemaname !~ '^pg_toast'

-- view pg_catalog.pg_statio_sys_sequences
SELECT relid, schemaname, relname, blks_read, blks_hit
  FROM pg_statio_all_sequences
 WHERE schemaname IN ('pg_catalog', 'information_schema') OR schemaname ~ '^pg_toast'

-- view pg_catalog.pg_statio_user_sequences
SELECT relid, schemaname, relname, blks_read, blks_hit
  FROM pg_statio_all_sequences
 WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND schemaname !~ '^pg_toast'

-- view pg_catalog.pg_stat_user_functions
SELECT p.oid AS funcid, n.nspname AS schemaname, p.proname AS funcname, pg_stat_get_function_calls(p.oid) AS calls,
       pg_stat_get_function_total_time(p.oid) AS total_time,
       pg_stat_get_function_self_time(p.oid) AS self_time
  FROM pg_proc p LEFT JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE p.prolang <> 12 AND pg_stat_get_function_calls(p.oid) IS NOT NULL

-- view pg_catalog.pg_stat_xact_user_functions
SELECT p.oid AS funcid, n.nspname AS schemaname, p.proname AS funcname, pg_stat_get_xact_function_calls(p.oid) AS calls,
       pg_stat_get_xact_function_total_time(p.oid) AS total_time,
       pg_stat_get_xact_function_self_time(p.oid) AS self_time
  FROM pg_proc p LEFT JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE p.prolang <> 12 AND pg_stat_get_xact_function_calls(p.oid) IS NOT NULL

-- view pg_catalog.pg_stat_progress_analyze
SELECT s.pid,
       s.datid,
       d.datname,
       s.relid,
       CASE s.param1 WHEN 0 THEN 'initializing'
            WHEN 1 THEN 'acquiring sample rows'
            WHEN 2 THEN 'acquiring inherited sample rows'
            WHEN 3 THEN 'computing statistics'
            WHEN 4 THEN 'computing extended statistics'
            WHEN 5 THEN 'finalizing analyze' END AS phase,
       s.param2 AS sample_blks_total,
       s.param3 AS sample_blks_scanned,
       s.param4 AS ext_stats_total,
       s.param5 AS ext_stats_computed,
       s.param6 AS child_tables_total,
       s.param7 AS child_tables_done,
       s.param8::oid AS current_child_table_relid
  FROM pg_stat_get_progress_info('ANALYZE'::text) AS s LEFT JOIN pg_database d ON d.oid = s.datid

-- view pg_catalog.pg_stat_progress_vacuum
SELECT s.pid,
       s.datid,
       d.datname,
       s.relid,
       CASE s.param1 WHEN 0 THEN 'initializing'
            WHEN 1 THEN 'scanning heap'
            WHEN 2 THEN 'vacuuming indexes'
            WHEN 3 THEN 'vacuuming heap'
            WHEN 4 THEN 'cleaning up indexes'
            WHEN 5 THEN 'truncating heap'
            WHEN 6 THEN 'performing final cleanup' END AS phase,
       s.param2 AS heap_blks_total,
       s.param3 AS heap_blks_scanned,
       s.param4 AS heap_blks_vacuumed,
       s.param5 AS index_vacuum_count,
       s.param6 AS max_dead_tuples,
       s.param7 AS num_dead_tuples
  FROM pg_stat_get_progress_info('VACUUM'::text) AS s LEFT JOIN pg_database d ON d.oid = s.datid

-- view pg_catalog.pg_stat_progress_cluster
SELECT s.pid,
       s.datid,
       d.datname,
       s.relid,
       CASE s.param1 WHEN 1 THEN 'CLUSTER'
            WHEN 2 THEN 'VACUUM FULL' END AS command,
       CASE s.param2 WHEN 0 THEN 'initializing'
            WHEN 1 THEN 'seq scanning heap'
            WHEN 2 THEN 'index scanning heap'
            WHEN 3 THEN 'sorting tuples'
            WHEN 4 THEN 'writing new heap'
            WHEN 5 THEN 'swapping relation files'
            WHEN 6 THEN 'rebuilding index'
            WHEN 7 THEN 'performing final cleanup' END AS phase,
       s.param3::oid AS cluster_index_relid,
       s.param4 AS heap_tuples_scanned,
       s.param5 AS heap_tuples_written,
       s.param6 AS heap_blks_total,
       s.param7 AS heap_blks_scanned,
       s.param8 AS index_rebuild_count
  FROM pg_stat_get_progress_info('CLUSTER'::text) AS s LEFT JOIN pg_database d ON d.oid = s.datid

-- view pg_catalog.pg_stat_progress_create_index
SELECT s.pid,
       s.datid,
       d.datname,
       s.relid,
       s.param7::oid AS index_relid,
       CASE s.param1 WHEN 1 THEN 'CREATE INDEX'
            WHEN 2 THEN 'CREATE INDEX CONCURRENTLY'
            WHEN 3 THEN 'REINDEX'
            WHEN 4 THEN 'REINDEX CONCURRENTLY' END AS command,
       CASE s.param10 WHEN 0 THEN 'initializing'
            WHEN 1 THEN 'waiting for writers before build'
            WHEN 2 THEN 'building index' || COALESCE(': ' || pg_indexam_progress_phasename(s.param9::oid, s.param11), '')
            WHEN 3 THEN 'waiting for writers before validation'
            WHEN 4 THEN 'index validation: scanning index'
            WHEN 5 THEN 'index validation: sorting tuples'
            WHEN 6 THEN 'index validation: scanning table'
            WHEN 7 THEN 'waiting for old snapshots'
            WHEN 8 THEN 'waiting for readers before marking dead'
            WHEN 9 THEN 'waiting for readers before dropping' END AS phase,
       s.param4 AS lockers_total,
       s.param5 AS lockers_done,
       s.param6 AS current_locker_pid,
       s.param16 AS blocks_total,
       s.param17 AS blocks_done,
       s.param12 AS tuples_total,
       s.param13 AS tuples_done,
       s.param14 AS partitions_total,
       s.param15 AS partitions_done
  FROM pg_stat_get_progress_info('CREATE INDEX'::text) AS s LEFT JOIN pg_database d ON d.oid = s.datid

-- view pg_catalog.pg_stat_progress_basebackup
SELECT s.pid,
       CASE s.param1 WHEN 0 THEN 'initializing'
            WHEN 1 THEN 'waiting for checkpoint to finish'
            WHEN 2 THEN 'estimating backup size'
            WHEN 3 THEN 'streaming database files'
            WHEN 4 THEN 'waiting for wal archiving to finish'
            WHEN 5 THEN 'transferring wal files' END AS phase,
       CASE s.param2 WHEN -1 THEN NULL ELSE s.param2 END AS backup_total,
       s.param3 AS backup_streamed,
       s.param4 AS tablespaces_total,
       s.param5 AS tablespaces_streamed
  FROM pg_stat_get_progress_info('BASEBACKUP'::text) AS s

-- view pg_catalog.pg_stat_progress_copy
SELECT s.pid,
       s.datid,
       d.datname,
       s.relid,
       CASE s.param5 WHEN 1 THEN 'COPY FROM'
            WHEN 2 THEN 'COPY TO' END AS command,
       CASE s.param6 WHEN 1 THEN 'FILE'
            WHEN 2 THEN 'PROGRAM'
            WHEN 3 THEN 'PIPE'
            WHEN 4 THEN 'CALLBACK' END AS type,
       s.param1 AS bytes_processed,
       s.param2 AS bytes_total,
       s.param3 AS tuples_processed,
       s.param4 AS tuples_excluded
  FROM pg_stat_get_progress_info('COPY'::text) AS s LEFT JOIN pg_database d ON d.oid = s.datid

-- view pg_catalog.pg_stat_statements
SELECT s.*, s.total_exec_time AS total_time, s.mean_exec_time AS mean_time
  FROM pg_stat_statements(true) AS s
