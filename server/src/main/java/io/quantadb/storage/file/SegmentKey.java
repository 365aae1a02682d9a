package io.quantadb.storage.file;

import io.quantadb.base.ForkNumber;
import io.quantadb.base.RelationId;

/** One segment file. */
record SegmentKey(RelationId relation, ForkNumber fork, int segment) {
    String path() {
        String directory = relation.databaseOid() == 0 ? "global/" : "base/"
            + Integer.toUnsignedString(relation.databaseOid()) + "/";
        String name = directory + Integer.toUnsignedString(relation.fileNumber()) + fork.suffix();
        return segment == 0 ? name : name + "." + segment;
    }
}
