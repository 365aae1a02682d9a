package io.quantadb.function;

import java.util.List;

/**
 * What the system information functions ask of the catalog, as the current statement sees it. Implemented by the
 * session; confined to its thread. Oids that name nothing give null unless said otherwise.
 */
public interface CatalogInfo {
    /** Kinds of objects that the functions name. */
    enum Kind { TABLE, TYPE, FUNCTION, OPERATOR, OPCLASS, OPFAMILY, COLLATION, SCHEMA, DATABASE, ROLE, LANGUAGE, TABLESPACE, OTHER }

    /** {@code format_type}. @param typmod null if it was given as NULL */
    String formatType(int typeOid, Integer typmod);

    /** Whether the unqualified name finds the object; null if there is none. */
    Boolean isVisible(Kind kind, int oid);

    /** Role name, {@code unknown (OID=n)} if there is none. */
    String userName(int roleOid);

    /**
     * {@code pg_get_expr}: a stored expression as the session reads it.
     *
     * @param relationOid whose columns it reads, 0 for none
     * @param pretty      with few parentheses
     */
    String expression(String stored, int relationOid, boolean pretty);

    /** @param column 0 for the whole definition, else one column's */
    String indexDefinition(int indexOid, int column, boolean pretty);

    String constraintDefinition(int constraintOid, boolean pretty);

    /** With a semicolon; null if it is no view. */
    String viewDefinition(int relationOid, boolean pretty);

    String functionDefinition(int functionOid);

    /** @param defaults with default values; without they identify the function */
    String functionArguments(int functionOid, boolean defaults);

    /** Null for procedures. */
    String functionResult(int functionOid);

    /** SQL-standard body. */
    String functionBody(int functionOid);

    /** @param number of the argument, from 1 */
    String functionArgumentDefault(int functionOid, int number);

    /** Qualified name of the sequence a column owns. @throws io.quantadb.error.SqlException 42P01, 42703 */
    String serialSequence(String table, String column);

    /** @param classOid 0: of any catalog */
    String comment(int classOid, int objectOid, int subId);

    String sharedComment(int classOid, int objectOid);

    /** Oid of a catalog table in pg_catalog, 0 if there is none. */
    int catalogOid(String name);

    /** Oid of an object by a name as SQL writes it. @throws io.quantadb.error.SqlException if there is none */
    int objectOid(Kind kind, String name);

    /** Number of a column, 0 if there is none. @throws io.quantadb.error.SqlException 42703 */
    int columnNumber(int relationOid, String column);

    /**
     * Whether a role has any of some rights.
     *
     * @param roleOid 0 for PUBLIC
     * @param column number, 0 for the whole relation, -1 for any column
     * @param rights as written: names separated by commas, each maybe with WITH GRANT OPTION
     * @return null if there is no such object
     * @throws io.quantadb.error.SqlException 22023 for an unknown right
     */
    Boolean hasPrivilege(Kind kind, int roleOid, int objectOid, int column, String rights);

    /** {@code pg_has_role}. @param rights MEMBER, USAGE... */
    boolean hasRole(int roleOid, int groupOid, String rights);

    /** start, minimum, maximum, increment, cycle, cache, type oid. @throws io.quantadb.error.SqlException 42809 */
    Object[] sequenceParameters(int sequenceOid);

    /** Collation name, quoted as needed. */
    String collationName(int collationOid);

    /** What {@code pg_describe_object} says. */
    String describe(int classOid, int objectOid, int subId);

    /** {@code pg_identify_object}: type, schema, name, identity; null if there is no such object. */
    Object[] identify(int classOid, int objectOid, int subId);

    /** Ancestors of a partition, itself first; empty if it is none. */
    List<Integer> partitionAncestors(int relationOid);

    /** OID of the session's temporary schema, 0 if none. */
    int temporarySchema();

    /** Grants of an access control list: grantor, grantee, right, grantable; as {@code aclexplode}. */
    List<Object[]> explodeAcl(List<String> items);

    /** {@code acldefault}. @param kind its letter */
    List<String> defaultAcl(char kind, int ownerOid);

    /**
     * Bits as {@code pg_relation_is_updatable}: 4 UPDATE, 8 INSERT, 16 DELETE.
     *
     * @param column 0: all; else what can be done to a view as far as this column is concerned
     */
    int updatability(int relationOid, int column);

    /** {@code pg_index_column_has_property} and its siblings; null if unknown. */
    Boolean indexProperty(int indexOid, int column, String property);

    /** Oids of an enum's labels in their order. */
    List<Long> enumLabels(int typeOid);
}
