package io.quantadb.access.heap;

/** API stub. Opens heap relations; one per server. */
public final class HeapAccess {
    public HeapRelation open(HeapDescriptor descriptor) {
        throw new UnsupportedOperationException();
    }
}
