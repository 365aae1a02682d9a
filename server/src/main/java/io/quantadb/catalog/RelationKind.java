package io.quantadb.catalog;

import io.quantadb.base.Invariant;

/** {@code pg_class.relkind}. */
public enum RelationKind {
    TABLE('r', "table"),
    INDEX('i', "index"),
    SEQUENCE('S', "sequence"),
    TOAST('t', "TOAST table"),
    VIEW('v', "view"),
    MATERIALIZED_VIEW('m', "materialized view"),
    COMPOSITE_TYPE('c', "composite type"),
    FOREIGN_TABLE('f', "foreign table"),
    PARTITIONED_TABLE('p', "table"),
    PARTITIONED_INDEX('I', "index");

    private static final RelationKind[] BY_CODE = new RelationKind[128];

    static {
        for (RelationKind kind : values()) {
            BY_CODE[kind.code] = kind;
        }
    }

    private final char code;
    private final String noun;

    RelationKind(char code, String noun) {
        this.code = code;
        this.noun = noun;
    }

    public char code() {
        return code;
    }

    /** What messages call such a relation: {@code "x" is not a view}. */
    public String noun() {
        return noun;
    }

    /** Whether the relation has pages of its own on disk. */
    public boolean hasStorage() {
        return switch (this) {
            case TABLE, INDEX, SEQUENCE, TOAST, MATERIALIZED_VIEW -> true;
            case VIEW, COMPOSITE_TYPE, FOREIGN_TABLE, PARTITIONED_TABLE, PARTITIONED_INDEX -> false;
        };
    }

    public static RelationKind of(char code) {
        RelationKind kind = code < BY_CODE.length ? BY_CODE[code] : null;
        Invariant.check(kind != null, "unknown relkind %s, known are %s", code, "rvimStcfpI");
        return kind;
    }
}
