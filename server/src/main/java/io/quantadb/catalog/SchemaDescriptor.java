package io.quantadb.catalog;

import java.util.List;

/** One row of {@code pg_namespace}. */
public record SchemaDescriptor(int oid, String name, int ownerOid, List<String> acl) {
    /** {@code pg_temp_N} of any session. */
    public boolean isTemporary() {
        return name.startsWith("pg_temp_");
    }
}
