package io.quantadb.catalog.cache;

/** A name in a schema. */
record NameKey(int schemaOid, String name) {
    @Override
    public int hashCode() {
        return name.hashCode() * 31 + schemaOid;
    }
}
