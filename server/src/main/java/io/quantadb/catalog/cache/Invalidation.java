package io.quantadb.catalog.cache;

import io.quantadb.base.Invariant;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One thing caches must forget because a committed transaction changed it.
 *
 * <p>Travels in the commit record. Layout, little-endian: kind 1, database oid 4 (0: shared by all), oid 4, schema
 * oid 4, name length 2, name in UTF-8 (length 0xFFFF: no name).
 *
 * @param schemaOid with {@code name}, for lookups by name
 */
record Invalidation(Kind kind, int databaseOid, int oid, int schemaOid, String name) {
    /** Ids are positions and are in the WAL: append only. */
    enum Kind {
        RELATION, TYPE, FUNCTION, OPERATOR, CASTS, OPERATOR_CLASSES, SCHEMAS, ROLES, DATABASES, COLLATIONS, STATISTICS
    }

    private static final Kind[] KINDS = Kind.values();
    private static final int NO_NAME = 0xFFFF;

    byte[] encode() {
        byte[] text = name == null ? new byte[0] : name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(15 + text.length).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        out.put((byte) kind.ordinal()).putInt(databaseOid).putInt(oid).putInt(schemaOid);
        out.putShort((short) (name == null ? NO_NAME : text.length)).put(text);
        return out.array();
    }

    static Invalidation decode(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        int kind = in.get();
        Invariant.check(kind >= 0 && kind < KINDS.length, "invalidation kind %d, largest is %d", kind,
                KINDS.length - 1);
        int databaseOid = in.getInt();
        int oid = in.getInt();
        int schemaOid = in.getInt();
        int length = in.getShort() & 0xFFFF;
        String name = null;
        if (length != NO_NAME) {
            byte[] text = new byte[length];
            in.get(text);
            name = new String(text, StandardCharsets.UTF_8);
        }
        return new Invalidation(KINDS[kind], databaseOid, oid, schemaOid, name);
    }
}
