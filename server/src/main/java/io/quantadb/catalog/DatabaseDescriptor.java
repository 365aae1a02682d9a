package io.quantadb.catalog;

import java.util.List;

/** One row of {@code pg_database}. */
public record DatabaseDescriptor(int oid, String name, int ownerOid, int encoding, boolean isTemplate,
        boolean allowConnections, int connectionLimit, int tablespaceOid, String collate, String ctype,
        List<String> acl) {
}
