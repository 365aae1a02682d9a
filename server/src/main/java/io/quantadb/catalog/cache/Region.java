package io.quantadb.catalog.cache;

/** The kinds of lookup results a cache keeps; the comment says key and value. */
enum Region {
    /** oid: RelationDescriptor */
    RELATION,
    /** NameKey(schema oid, name): Integer oid */
    RELATION_NAME,
    /** index oid: Integer table oid */
    INDEX_TABLE,
    /** oid: RelationHandle; never invalidated */
    HANDLE,
    /** relation oid: List of Integer */
    CHILDREN,
    /** relation oid: SequenceDescriptor */
    SEQUENCE,
    /** ColumnKey: ColumnStatistics */
    STATISTICS,
    /** oid: TypeDescriptor */
    TYPE,
    /** oid: PgType */
    PG_TYPE,
    /** NameKey: Integer oid */
    TYPE_NAME,
    /** oid: FunctionDescriptor */
    FUNCTION,
    /** name: List of FunctionDescriptor in all schemas */
    FUNCTION_NAME,
    /** function oid: AggregateDescriptor */
    AGGREGATE,
    /** oid: OperatorDescriptor */
    OPERATOR,
    /** name: List of OperatorDescriptor in all schemas */
    OPERATOR_NAME,
    /** source type oid: List of CastDescriptor */
    CAST,
    /** oid: OperatorClassDescriptor */
    OPCLASS,
    /** access method oid: List of all its OperatorClassDescriptors */
    OPCLASSES_OF_METHOD,
    /** PairKey(access method, type): OperatorClassDescriptor */
    DEFAULT_OPCLASS,
    /** oid: OperatorFamilyDescriptor */
    OPFAMILY,
    /** operator oid: List of OperatorFamilyMember */
    OPERATOR_MEMBERSHIPS,
    /** family oid: List of OperatorFamilyMember */
    FAMILY_OPERATORS,
    /** family oid: List of FamilyProcedure */
    FAMILY_PROCEDURES,
    /** ALL: SchemaTable */
    SCHEMAS,
    /** ALL: RoleTable */
    ROLES,
    /** ALL: List of DatabaseDescriptor */
    DATABASES,
    /** ALL: List of CollationDescriptor */
    COLLATIONS
}
