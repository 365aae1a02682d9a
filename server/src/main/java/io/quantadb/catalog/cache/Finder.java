package io.quantadb.catalog.cache;

import io.quantadb.catalog.table.CatalogIndex;
import io.quantadb.catalog.table.CatalogRow;
import io.quantadb.catalog.table.CatalogStore;
import io.quantadb.catalog.table.CatalogTables;
import java.util.List;

/** The index lookups the loaders make. */
final class Finder {
    static final CatalogIndex CLASS_OID = CatalogTables.index("pg_class_oid_index");
    static final CatalogIndex CLASS_NAME = CatalogTables.index("pg_class_relname_nsp_index");
    static final CatalogIndex ATTRIBUTE = CatalogTables.index("pg_attribute_relid_attnum_index");
    static final CatalogIndex ATTRDEF = CatalogTables.index("pg_attrdef_adrelid_adnum_index");
    static final CatalogIndex INDEX_OID = CatalogTables.index("pg_index_indexrelid_index");
    static final CatalogIndex INDEX_TABLE = CatalogTables.index("pg_index_indrelid_index");
    static final CatalogIndex CONSTRAINT_OID = CatalogTables.index("pg_constraint_oid_index");
    static final CatalogIndex CONSTRAINT_RELATION =
            CatalogTables.index("pg_constraint_conrelid_contypid_conname_index");
    static final CatalogIndex CONSTRAINT_TYPE = CatalogTables.index("pg_constraint_contypid_index");
    static final CatalogIndex DEPEND_REFERENCE = CatalogTables.index("pg_depend_reference_index");
    static final CatalogIndex REWRITE = CatalogTables.index("pg_rewrite_rel_rulename_index");
    static final CatalogIndex INHERITS_CHILD = CatalogTables.index("pg_inherits_relid_seqno_index");
    static final CatalogIndex INHERITS_PARENT = CatalogTables.index("pg_inherits_parent_index");
    static final CatalogIndex SEQUENCE = CatalogTables.index("pg_sequence_seqrelid_index");
    static final CatalogIndex STATISTIC = CatalogTables.index("pg_statistic_relid_att_inh_index");
    static final CatalogIndex TYPE_OID = CatalogTables.index("pg_type_oid_index");
    static final CatalogIndex TYPE_NAME = CatalogTables.index("pg_type_typname_nsp_index");
    static final CatalogIndex ENUM_TYPE = CatalogTables.index("pg_enum_typid_label_index");
    static final CatalogIndex RANGE = CatalogTables.index("pg_range_rngtypid_index");
    static final CatalogIndex MULTIRANGE = CatalogTables.index("pg_range_rngmultitypid_index");
    static final CatalogIndex PROC_OID = CatalogTables.index("pg_proc_oid_index");
    static final CatalogIndex PROC_NAME = CatalogTables.index("pg_proc_proname_args_nsp_index");
    static final CatalogIndex AGGREGATE = CatalogTables.index("pg_aggregate_fnoid_index");
    static final CatalogIndex OPERATOR_OID = CatalogTables.index("pg_operator_oid_index");
    static final CatalogIndex OPERATOR_NAME = CatalogTables.index("pg_operator_oprname_l_r_n_index");
    static final CatalogIndex CAST = CatalogTables.index("pg_cast_source_target_index");
    static final CatalogIndex OPCLASS_OID = CatalogTables.index("pg_opclass_oid_index");
    static final CatalogIndex OPCLASS_METHOD = CatalogTables.index("pg_opclass_am_name_nsp_index");
    static final CatalogIndex OPFAMILY_OID = CatalogTables.index("pg_opfamily_oid_index");
    static final CatalogIndex AMOP_OPERATOR = CatalogTables.index("pg_amop_opr_fam_index");
    static final CatalogIndex AMOP_FAMILY = CatalogTables.index("pg_amop_fam_strat_index");
    static final CatalogIndex AMPROC = CatalogTables.index("pg_amproc_fam_proc_index");
    static final CatalogIndex DESCRIPTION = CatalogTables.index("pg_description_o_c_o_index");
    static final CatalogIndex SHARED_DESCRIPTION = CatalogTables.index("pg_shdescription_o_c_index");

    private final CatalogStore store;

    Finder(CatalogStore store) {
        this.store = store;
    }

    List<CatalogRow> byOid(CatalogIndex index, int oid) {
        return store.find(index, (long) oid);
    }

    CatalogRow one(CatalogIndex index, int oid) {
        return store.findOne(index, (long) oid);
    }

    CatalogRow one(CatalogIndex index, Object... key) {
        return store.findOne(index, key);
    }

    List<CatalogRow> find(CatalogIndex index, Object... prefix) {
        return store.find(index, prefix);
    }

    List<CatalogRow> scan(int tableOid) {
        return store.scan(CatalogTables.table(tableOid));
    }
}
