package io.quantadb.types;

import io.quantadb.base.Invariant;

/**
 * What the server needs to know about a data type; one immutable object for each row of {@code pg_type}.
 *
 * <p>Built-in types come from {@link BuiltinTypes}; the catalog makes others with the factories below. Thread-safe.
 * Two objects with the same oid describe the same type, so identity is the oid.
 */
public final class PgType {
    private final int oid;
    private final String name;
    private final int typlen;
    private final char category;
    private final boolean preferred;
    private final char typtype;
    private final int elementOid;
    private final int arrayOid;
    private final char delimiter;
    private final int storageWidth;
    private final boolean unsigned;
    private final TypeOps ops;
    /** As the operations say; kept here because it is asked for in inner loops. */
    private final PhysicalKind kind;

    PgType(int oid, String name, int typlen, char category, boolean preferred, char typtype, int elementOid,
            int arrayOid, char delimiter, TypeOps ops) {
        this.oid = oid;
        this.name = name;
        this.typlen = typlen;
        this.category = category;
        this.preferred = preferred;
        this.typtype = typtype;
        this.elementOid = elementOid;
        this.arrayOid = arrayOid;
        this.delimiter = delimiter;
        this.ops = ops;
        this.kind = ops.kind();
        this.storageWidth = ops.storageWidth();
        this.unsigned = ops.unsigned();
    }

    /** An enum type; values are the oids of its labels as {@code Long}. */
    public static PgType enumType(int oid, String name, int arrayOid, EnumLabels labels) {
        return new PgType(oid, name, 4, 'E', false, 'e', 0, arrayOid, ',', new EnumOps(name, labels));
    }

    /** The array type over {@code element}. */
    public static PgType arrayType(int oid, String name, PgType element) {
        return new PgType(oid, name, -1, 'A', false, 'b', element.oid, 0, element.delimiter, new ArrayOps(element));
    }

    /** A composite type, or the row type of a table. */
    public static PgType compositeType(int oid, String name, int arrayOid, RowFields fields) {
        return new PgType(oid, name, -1, 'C', false, 'c', 0, arrayOid, ',', new RecordOps(fields));
    }

    /** A domain: values, storage and order are those of its base type; constraints are checked by the executor. */
    public static PgType domainType(int oid, String name, int arrayOid, PgType base) {
        return new PgType(oid, name, base.typlen, base.category, false, 'd', base.elementOid, arrayOid,
                base.delimiter, base.ops);
    }

    public int oid() {
        return oid;
    }

    public String name() {
        return name;
    }

    /** {@code pg_type.typlen}: bytes, -1 for variable, -2 for C strings. What the wire's RowDescription reports. */
    public int typlen() {
        return typlen;
    }

    public char category() {
        return category;
    }

    public boolean preferred() {
        return preferred;
    }

    /** b base, c composite, d domain, e enum, p pseudo, r range, m multirange. */
    public char typtype() {
        return typtype;
    }

    /**
     * {@code pg_type.typelem}; for arrays the element type, but also set for a few fixed types; see {@link #isArray}.
     */
    public int elementOid() {
        return elementOid;
    }

    public int arrayOid() {
        return arrayOid;
    }

    public char delimiter() {
        return delimiter;
    }

    /** True for what {@code ArrayValue} represents: array types, int2vector and oidvector. */
    public boolean isArray() {
        return ops instanceof ArrayOps;
    }

    public boolean isPseudo() {
        return typtype == 'p';
    }

    public PhysicalKind kind() {
        return kind;
    }

    /**
     * Bytes one value takes in a row, -1 if variable. LONG, DOUBLE and BOOL kinds are always fixed: little-endian
     * integers of this width, see {@link #unsigned}, doubles as IEEE bits (4 or 8 bytes). Fixed OBJECT kinds (uuid,
     * interval, timetz, tid) are exactly what {@link TypeOps#encode} returns.
     */
    public int storageWidth() {
        return storageWidth;
    }

    /** Whether a LONG kind narrower than eight bytes is zero-extended when read (oid and its relatives). */
    public boolean unsigned() {
        return unsigned;
    }

    public TypeOps ops() {
        return ops;
    }

    /** As {@link #ops()}, checked to be an array type. */
    public ArrayOps arrayOps() {
        Invariant.check(ops instanceof ArrayOps, "type %s with typtype %s is not an array", name, typtype);
        return (ArrayOps) ops;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PgType type && type.oid == oid;
    }

    @Override
    public int hashCode() {
        return oid;
    }

    @Override
    public String toString() {
        return name;
    }
}
