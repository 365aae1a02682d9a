package io.quantadb.catalog.cache;

/** Two oids, or an oid and a column number. */
record PairKey(int first, int second) {
    @Override
    public int hashCode() {
        return first * 0x9E3779B1 + second;
    }
}
