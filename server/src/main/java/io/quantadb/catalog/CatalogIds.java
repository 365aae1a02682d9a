package io.quantadb.catalog;

/** Object ids the code refers to. Source: PostgreSQL 15 catalogs. */
public final class CatalogIds {
    public static final int FIRST_USER_OID = 16384;
    /** Objects below this come from the bootstrap facts and cannot be dropped. */
    public static final int FIRST_UNPINNED_OID = 12000;

    public static final int BOOTSTRAP_ROLE = 10;
    public static final int PG_CATALOG = 11;
    public static final int PG_TOAST = 99;
    public static final int PUBLIC_SCHEMA = 2200;
    /** {@code information_schema}. Its oid differs between PostgreSQL minor versions; this is ours. */
    public static final int INFORMATION_SCHEMA = 13_207;

    public static final int DATABASE_TEMPLATE1 = 1;
    public static final int DATABASE_TEMPLATE0 = 4;
    public static final int DATABASE_POSTGRES = 5;
    public static final int DATABASE_QUANTADB = 6;

    public static final int TABLESPACE_DEFAULT = 1663;
    public static final int TABLESPACE_GLOBAL = 1664;

    public static final int AM_HEAP = 2;
    public static final int AM_BTREE = 403;
    public static final int AM_HASH = 405;
    public static final int AM_GIST = 783;
    public static final int AM_GIN = 2742;
    public static final int AM_BRIN = 3580;
    public static final int AM_SPGIST = 4000;

    public static final int LANGUAGE_INTERNAL = 12;
    public static final int LANGUAGE_C = 13;
    public static final int LANGUAGE_SQL = 14;

    public static final int COLLATION_DEFAULT = 100;
    public static final int COLLATION_C = 950;
    public static final int COLLATION_POSIX = 951;

    private CatalogIds() {
    }

    public static boolean isPinned(int oid) {
        return Integer.compareUnsigned(oid, FIRST_UNPINNED_OID) < 0 && oid != PUBLIC_SCHEMA;
    }
}
