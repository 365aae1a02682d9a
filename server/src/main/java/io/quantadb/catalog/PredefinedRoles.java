package io.quantadb.catalog;

/** Oids of the roles that every server has. Source: PostgreSQL 15 documentation, "Predefined Roles". */
public final class PredefinedRoles {
    public static final int DATABASE_OWNER = 6171;
    public static final int READ_ALL_DATA = 6181;
    public static final int WRITE_ALL_DATA = 6182;
    public static final int MONITOR = 3373;
    public static final int READ_ALL_SETTINGS = 3374;
    public static final int READ_ALL_STATS = 3375;
    public static final int STAT_SCAN_TABLES = 3377;
    public static final int READ_SERVER_FILES = 4569;
    public static final int WRITE_SERVER_FILES = 4570;
    public static final int EXECUTE_SERVER_PROGRAM = 4571;
    public static final int SIGNAL_BACKEND = 4200;
    public static final int CHECKPOINT = 4544;

    private PredefinedRoles() {
    }
}
