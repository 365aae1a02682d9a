package io.quantadb.catalog.cache;

import io.quantadb.catalog.SchemaDescriptor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All schemas of a database. Immutable. */
final class SchemaTable {
    private final List<SchemaDescriptor> all;
    private final Map<String, SchemaDescriptor> byName = new HashMap<>();
    private final Map<Integer, SchemaDescriptor> byOid = new HashMap<>();

    SchemaTable(List<SchemaDescriptor> schemas) {
        all = List.copyOf(schemas);
        for (SchemaDescriptor schema : all) {
            byName.put(schema.name(), schema);
            byOid.put(schema.oid(), schema);
        }
    }

    List<SchemaDescriptor> all() {
        return all;
    }

    SchemaDescriptor byName(String name) {
        return byName.get(name);
    }

    SchemaDescriptor byOid(int oid) {
        return byOid.get(oid);
    }
}
