package io.quantadb.catalog;

import io.quantadb.types.PgType;
import java.util.List;

/**
 * Finds catalog objects for one statement: a view of one database at one moment, with one search path.
 *
 * <p>Cheap to make (a session makes one for each statement) and confined to one thread; the descriptors it hands out
 * are immutable and may be kept by plans, which remember {@link #version()}. A lookup that finds nothing returns null
 * or an empty list; raising 42P01 and its siblings is the caller's matter, see {@link CatalogErrors}. Names are exact
 * (already case-folded). Where a {@code schema} argument may be null, the search path decides.
 */
public interface CatalogReader {
    /** Changes whenever anything a plan may depend on was changed; also by this transaction's own DDL. */
    long version();

    int databaseOid();

    String databaseName();

    // Schemas

    SchemaDescriptor schema(String name);

    SchemaDescriptor schema(int oid);

    List<SchemaDescriptor> schemas();

    /** Schemas searched for unqualified names, in order, implicit pg_temp and pg_catalog included. */
    List<SchemaDescriptor> searchPath();

    /** Where unqualified CREATE puts objects, null if the path names no existing schema: {@code current_schema()}. */
    SchemaDescriptor creationSchema();

    /** This session's temporary schema, null if it has none yet. */
    SchemaDescriptor temporarySchema();

    // Relations

    /** Any kind of relation, indexes too. */
    RelationDescriptor relation(int oid);

    RelationDescriptor relation(String schema, String name);

    /** Whether the unqualified name finds this relation. */
    boolean relationIsVisible(int oid);

    /** All relations of a schema, by name. */
    List<RelationDescriptor> relations(int schemaOid);

    /** An index by its own oid. */
    IndexDescriptor index(int oid);

    ConstraintDescriptor constraint(int oid);

    /** Direct children of an inheritance or partition parent, by oid. */
    List<Integer> children(int relationOid);

    SequenceDescriptor sequence(int relationOid);

    /** The sequence a column owns (serial or identity), 0 if none: {@code pg_get_serial_sequence}. */
    int ownedSequence(int relationOid, int attnum);

    ColumnStatistics columnStatistics(int relationOid, int attnum);

    // Types

    TypeDescriptor type(int oid);

    /** By catalog name, such as {@code int4} (not {@code integer}, which is grammar) or {@code _int4}. */
    TypeDescriptor type(String schema, String name);

    boolean typeIsVisible(int oid);

    /** The value type of an oid; null if there is no such type. */
    PgType pgType(int oid);

    /** The oid of the array type over a type, 0 if none. */
    default int arrayTypeOf(int elementTypeOid) {
        PgType type = pgType(elementTypeOid);
        return type == null ? 0 : type.arrayOid();
    }

    /** The type below all domains. */
    default int baseTypeOf(int typeOid) {
        TypeDescriptor type = type(typeOid);
        while (type != null && type.isDomain()) {
            type = type(type.baseTypeOid());
        }
        return type == null ? 0 : type.oid();
    }

    /** {@code format_type(oid, typmod)}: SQL spelling, qualified if not visible. */
    String formatType(int typeOid, int typmod);

    // Functions and operators

    FunctionDescriptor function(int oid);

    /**
     * Candidates by name. With a null schema: from all of the search path, and of several with identical argument types
     * only the one found first.
     */
    List<FunctionDescriptor> functions(String schema, String name);

    /** The function with exactly these input types, null if none. */
    FunctionDescriptor function(String schema, String name, int[] argTypes);

    boolean functionIsVisible(int oid);

    AggregateDescriptor aggregate(int functionOid);

    OperatorDescriptor operator(int oid);

    /** Candidates by name, binary and prefix ones, as {@link #functions(String, String)}. */
    List<OperatorDescriptor> operators(String schema, String name);

    /** Exact match; {@code leftType} 0 for a prefix operator. Null if none. */
    OperatorDescriptor operator(String schema, String name, int leftType, int rightType);

    CastDescriptor cast(int sourceType, int targetType);

    List<CastDescriptor> castsFrom(int sourceType);

    // Operator classes

    OperatorClassDescriptor operatorClass(int oid);

    OperatorClassDescriptor operatorClass(int accessMethod, String schema, String name);

    /**
     * The class a column of this type gets by default; looks through domains and binary-compatible types, and finds the
     * classes of anyarray, anyenum, anyrange and record. Null if none.
     */
    OperatorClassDescriptor defaultOperatorClass(int accessMethod, int typeOid);

    OperatorFamilyDescriptor operatorFamily(int oid);

    /** All memberships of an operator, in families of every access method. */
    List<OperatorFamilyMember> operatorMemberships(int operatorOid);

    /** The operator of a family for a strategy and two input types, 0 if none. */
    int familyOperator(int familyOid, int leftType, int rightType, int strategy);

    /** The support procedure of a family ({@code pg_amproc}), 0 if none; btree 1 is the comparison function. */
    int familyProcedure(int familyOid, int leftType, int rightType, int number);

    /** The btree operator of a type's default class; looks through domains. Null if the type has no order. */
    OperatorDescriptor btreeOperator(int typeOid, BtreeStrategy strategy);

    // Shared objects

    RoleDescriptor role(int oid);

    RoleDescriptor role(String name);

    List<RoleDescriptor> roles();

    /** Oids of the roles whose privileges a role has by inheritance, itself included. */
    List<Integer> inheritedRoles(int roleOid);

    /** Whether a role may SET ROLE to another: member directly or indirectly, or superuser. */
    boolean isMemberOf(int roleOid, int groupOid);

    DatabaseDescriptor database(int oid);

    DatabaseDescriptor database(String name);

    List<DatabaseDescriptor> databases();

    CollationDescriptor collation(int oid);

    CollationDescriptor collation(String schema, String name);

    /** {@code obj_description}, or {@code col_description} if {@code subId} is a column; null if none. */
    String comment(int classOid, int objectOid, int subId);

    /** {@code shobj_description}. */
    String sharedComment(int classOid, int objectOid);
}
