package io.quantadb.types;

/**
 * Translates between oids and names of catalog objects for the {@code reg*} types; implemented by the catalog.
 */
public interface ObjectNames {
    /** Knows no names: output is the number, and input accepts only numbers. */
    ObjectNames NONE = new ObjectNames() {
        @Override
        public String nameOf(int regTypeOid, long oid) {
            return null;
        }

        @Override
        public long oidOf(int regTypeOid, String name) {
            return -1;
        }
    };

    /**
     * The text {@code regclass} (or its sibling {@code regTypeOid}) prints for an object, quoted and qualified as
     * needed.
     *
     * @return null if there is no such object
     */
    String nameOf(int regTypeOid, long oid);

    /**
     * Finds an object by the text a user wrote.
     *
     * @return its oid, or -1 if this implementation cannot look up that kind of object
     * @throws io.quantadb.error.SqlException if there is no such object, with PostgreSQL's code and message for that
     * kind
     */
    long oidOf(int regTypeOid, String name);
}
