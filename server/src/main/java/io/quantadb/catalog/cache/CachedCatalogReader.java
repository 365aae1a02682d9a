package io.quantadb.catalog.cache;

import io.quantadb.base.Invariant;
import io.quantadb.catalog.AggregateDescriptor;
import io.quantadb.catalog.BtreeStrategy;
import io.quantadb.catalog.CastDescriptor;
import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.CollationDescriptor;
import io.quantadb.catalog.ColumnStatistics;
import io.quantadb.catalog.ConstraintDescriptor;
import io.quantadb.catalog.DatabaseDescriptor;
import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.OperatorClassDescriptor;
import io.quantadb.catalog.OperatorDescriptor;
import io.quantadb.catalog.OperatorFamilyDescriptor;
import io.quantadb.catalog.OperatorFamilyMember;
import io.quantadb.catalog.PredefinedRoles;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationHandle;
import io.quantadb.catalog.RoleDescriptor;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.catalog.SequenceDescriptor;
import io.quantadb.catalog.TypeDescriptor;
import io.quantadb.catalog.TypeNames;
import io.quantadb.catalog.table.CatalogRow;
import io.quantadb.catalog.table.CatalogStore;
import io.quantadb.catalog.table.SystemColumns.PgClass;
import io.quantadb.catalog.table.SystemColumns.PgDescription;
import io.quantadb.catalog.table.SystemColumns.PgShdescription;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/**
 * The catalog reader: answers from a {@link DescriptorCache} and fills it from a {@link CatalogStore}.
 *
 * <p>Confined to one thread. Cheap to make: the cost of a new one is this object and its loaders; the search path is
 * resolved when first needed.
 */
public final class CachedCatalogReader implements CatalogReader {
    private final int databaseOid;
    private final CacheHolder holder;
    private final SearchPath searchPath;
    private final RelationLoader relationLoader;
    private final TypeLoader typeLoader;
    private final FunctionLoader functionLoader;
    private final SharedLoader sharedLoader;
    private final Finder finder;
    private List<SchemaDescriptor> resolvedPath;
    private SchemaDescriptor creationSchema;
    private long resolvedVersion;

    CachedCatalogReader(int databaseOid, CatalogStore store, CacheHolder holder, SearchPath searchPath) {
        this.databaseOid = databaseOid;
        this.holder = holder;
        this.searchPath = searchPath;
        finder = new Finder(store);
        relationLoader = new RelationLoader(finder, this);
        typeLoader = new TypeLoader(finder, this, relationLoader);
        functionLoader = new FunctionLoader(finder, this);
        sharedLoader = new SharedLoader(finder);
    }

    @SuppressWarnings("unchecked")
    private <T> T cached(Region region, Object key, Supplier<T> loader) {
        DescriptorCache cache = holder.cache;
        Object value = cache.get(region, key);
        if (value == null) {
            long epoch = cache.epoch();
            value = loader.get();
            cache.put(region, key, value == null ? DescriptorCache.NONE : value, epoch);
        }
        return value == DescriptorCache.NONE ? null : (T) value;
    }

    @Override
    public long version() {
        return holder.cache.version();
    }

    @Override
    public int databaseOid() {
        return databaseOid;
    }

    @Override
    public String databaseName() {
        DatabaseDescriptor database = database(databaseOid);
        return database == null ? "" : database.name();
    }

    // Schemas

    private SchemaTable schemaTable() {
        return cached(Region.SCHEMAS, DescriptorCache.ALL, sharedLoader::schemas);
    }

    @Override
    public SchemaDescriptor schema(String name) {
        if (name.equals("pg_temp")) {
            return temporarySchema();
        }
        return schemaTable().byName(name);
    }

    @Override
    public SchemaDescriptor schema(int oid) {
        return schemaTable().byOid(oid);
    }

    @Override
    public List<SchemaDescriptor> schemas() {
        return schemaTable().all();
    }

    @Override
    public List<SchemaDescriptor> searchPath() {
        resolve();
        return resolvedPath;
    }

    @Override
    public SchemaDescriptor creationSchema() {
        resolve();
        return creationSchema;
    }

    @Override
    public SchemaDescriptor temporarySchema() {
        return searchPath.temporarySchema() == 0 ? null : schema(searchPath.temporarySchema());
    }

    private void resolve() {
        if (resolvedPath != null && resolvedVersion == holder.cache.version()) {
            return;
        }
        resolvedVersion = holder.cache.version();
        List<SchemaDescriptor> path = new ArrayList<>();
        for (String name : searchPath.names()) {
            SchemaDescriptor schema = schema(name.equals("$user") ? searchPath.currentUser() : name);
            if (schema != null && !path.contains(schema)) {
                path.add(schema);
            }
        }
        creationSchema = path.isEmpty() ? null : path.getFirst();
        SchemaDescriptor catalog = schema(CatalogIds.PG_CATALOG);
        if (!path.contains(catalog)) {
            path.addFirst(catalog);
        }
        SchemaDescriptor temporary = temporarySchema();
        if (temporary != null && !path.contains(temporary)) {
            path.addFirst(temporary);
        }
        resolvedPath = List.copyOf(path);
    }

    // Relations

    RelationHandle handle(int oid) {
        return holder.cache.permanent(Region.HANDLE, oid, RelationHandle::new);
    }

    @Override
    public RelationDescriptor relation(int oid) {
        return cached(Region.RELATION, oid, () -> loadRelation(oid));
    }

    /** Also notes whose its indexes are: a change of an index must find the table that shows it. */
    private RelationDescriptor loadRelation(int oid) {
        long epoch = holder.cache.epoch();
        RelationDescriptor relation = relationLoader.load(oid);
        if (relation != null) {
            for (IndexDescriptor index : relation.indexes()) {
                holder.cache.put(Region.INDEX_TABLE, index.oid(), oid, epoch);
            }
        }
        return relation;
    }

    @Override
    public RelationDescriptor relation(String schema, String name) {
        if (schema != null) {
            SchemaDescriptor descriptor = schema(schema);
            return descriptor == null ? null : relationIn(descriptor.oid(), name);
        }
        for (SchemaDescriptor descriptor : searchPath()) {
            RelationDescriptor relation = relationIn(descriptor.oid(), name);
            if (relation != null) {
                return relation;
            }
        }
        return null;
    }

    private RelationDescriptor relationIn(int schemaOid, String name) {
        Integer oid = cached(Region.RELATION_NAME, new NameKey(schemaOid, name), () -> {
            CatalogRow row = finder.one(Finder.CLASS_NAME, name, (long) schemaOid);
            return row == null ? null : row.integer(PgClass.OID);
        });
        return oid == null ? null : relation(oid);
    }

    @Override
    public boolean relationIsVisible(int oid) {
        RelationDescriptor relation = relation(oid);
        if (relation == null) {
            return false;
        }
        RelationDescriptor found = relation(null, relation.name());
        return found != null && found.oid() == oid;
    }

    @Override
    public List<RelationDescriptor> relations(int schemaOid) {
        return finder.scan(PgClass.TABLE).stream()
                .filter(row -> row.integer(PgClass.RELNAMESPACE) == schemaOid)
                .map(row -> relation(row.integer(PgClass.OID)))
                .sorted(Comparator.comparing(RelationDescriptor::name)).toList();
    }

    @Override
    public IndexDescriptor index(int oid) {
        Integer table = cached(Region.INDEX_TABLE, oid, () -> {
            int tableOid = relationLoader.tableOfIndex(oid);
            return tableOid == 0 ? null : tableOid;
        });
        RelationDescriptor relation = table == null ? null : relation(table);
        return relation == null ? null : relation.index(oid);
    }

    @Override
    public ConstraintDescriptor constraint(int oid) {
        return relationLoader.loadConstraint(oid);
    }

    @Override
    public List<Integer> children(int relationOid) {
        return cached(Region.CHILDREN, relationOid, () -> relationLoader.children(relationOid));
    }

    @Override
    public SequenceDescriptor sequence(int relationOid) {
        return cached(Region.SEQUENCE, relationOid, () -> relationLoader.sequence(relationOid));
    }

    @Override
    public int ownedSequence(int relationOid, int attnum) {
        return relationLoader.ownedSequence(relationOid, attnum);
    }

    @Override
    public ColumnStatistics columnStatistics(int relationOid, int attnum) {
        return cached(Region.STATISTICS, new PairKey(relationOid, attnum),
                () -> relationLoader.statistics(relationOid, attnum));
    }

    // Types

    @Override
    public TypeDescriptor type(int oid) {
        return cached(Region.TYPE, oid, () -> typeLoader.load(oid));
    }

    @Override
    public TypeDescriptor type(String schema, String name) {
        if (schema != null) {
            SchemaDescriptor descriptor = schema(schema);
            return descriptor == null ? null : typeIn(descriptor.oid(), name);
        }
        for (SchemaDescriptor descriptor : searchPath()) {
            TypeDescriptor type = typeIn(descriptor.oid(), name);
            if (type != null) {
                return type;
            }
        }
        return null;
    }

    private TypeDescriptor typeIn(int schemaOid, String name) {
        Integer oid = cached(Region.TYPE_NAME, new NameKey(schemaOid, name), () -> {
            CatalogRow row = finder.one(Finder.TYPE_NAME, name, (long) schemaOid);
            return row == null ? null
                    : row.integer(io.quantadb.catalog.table.SystemColumns.PgType.OID);
        });
        return oid == null ? null : type(oid);
    }

    @Override
    public boolean typeIsVisible(int oid) {
        TypeDescriptor type = type(oid);
        if (type == null) {
            return false;
        }
        TypeDescriptor found = type(null, type.name());
        return found != null && found.oid() == oid;
    }

    @Override
    public PgType pgType(int oid) {
        PgType builtin = BuiltinTypes.find(oid);
        return builtin != null ? builtin : cached(Region.PG_TYPE, oid, () -> typeLoader.loadValueType(oid));
    }

    PgType requireType(int oid) {
        PgType type = pgType(oid);
        Invariant.check(type != null, "catalog row refers to type %d, which is gone (database %d)", oid, databaseOid);
        return type;
    }

    @Override
    public String formatType(int typeOid, int typmod) {
        return TypeNames.format(this, typeOid, typmod, true);
    }

    // Functions and operators

    @Override
    public FunctionDescriptor function(int oid) {
        return cached(Region.FUNCTION, oid, () -> functionLoader.function(oid));
    }

    private List<FunctionDescriptor> functionsNamed(String name) {
        return cached(Region.FUNCTION_NAME, name, () -> functionLoader.functions(name));
    }

    @Override
    public List<FunctionDescriptor> functions(String schema, String name) {
        List<FunctionDescriptor> all = functionsNamed(name);
        if (schema != null) {
            SchemaDescriptor descriptor = schema(schema);
            return descriptor == null ? List.of()
                    : all.stream().filter(f -> f.schemaOid() == descriptor.oid()).toList();
        }
        if (onlyCatalog(all)) {
            return all;
        }
        List<FunctionDescriptor> found = new ArrayList<>();
        for (SchemaDescriptor descriptor : functionPath()) {
            for (FunctionDescriptor function : all) {
                if (function.schemaOid() == descriptor.oid() && found.stream()
                        .noneMatch(f -> Arrays.equals(f.argTypes(), function.argTypes()))) {
                    found.add(function);
                }
            }
        }
        return found;
    }

    private static boolean onlyCatalog(List<FunctionDescriptor> functions) {
        for (FunctionDescriptor function : functions) {
            if (function.schemaOid() != CatalogIds.PG_CATALOG) {
                return false;
            }
        }
        return true;
    }

    /** The search path for functions and operators: never the temporary schema. */
    private List<SchemaDescriptor> functionPath() {
        List<SchemaDescriptor> path = searchPath();
        return searchPath.temporarySchema() == 0 ? path
                : path.stream().filter(s -> s.oid() != searchPath.temporarySchema()).toList();
    }

    @Override
    public FunctionDescriptor function(String schema, String name, int[] argTypes) {
        for (FunctionDescriptor function : functions(schema, name)) {
            if (Arrays.equals(function.argTypes(), argTypes)) {
                return function;
            }
        }
        return null;
    }

    @Override
    public boolean functionIsVisible(int oid) {
        FunctionDescriptor function = function(oid);
        if (function == null) {
            return false;
        }
        FunctionDescriptor found = function(null, function.name(), function.argTypes());
        return found != null && found.oid() == oid;
    }

    @Override
    public AggregateDescriptor aggregate(int functionOid) {
        return cached(Region.AGGREGATE, functionOid, () -> functionLoader.aggregate(functionOid));
    }

    @Override
    public OperatorDescriptor operator(int oid) {
        return cached(Region.OPERATOR, oid, () -> functionLoader.operator(oid));
    }

    @Override
    public List<OperatorDescriptor> operators(String schema, String name) {
        List<OperatorDescriptor> all = cached(Region.OPERATOR_NAME, name, () -> functionLoader.operators(name));
        if (schema != null) {
            SchemaDescriptor descriptor = schema(schema);
            return descriptor == null ? List.of()
                    : all.stream().filter(o -> o.schemaOid() == descriptor.oid()).toList();
        }
        if (all.stream().allMatch(o -> o.schemaOid() == CatalogIds.PG_CATALOG)) {
            return all;
        }
        List<OperatorDescriptor> found = new ArrayList<>();
        for (SchemaDescriptor descriptor : functionPath()) {
            for (OperatorDescriptor operator : all) {
                if (operator.schemaOid() == descriptor.oid() && found.stream().noneMatch(
                        o -> o.leftType() == operator.leftType() && o.rightType() == operator.rightType())) {
                    found.add(operator);
                }
            }
        }
        return found;
    }

    @Override
    public OperatorDescriptor operator(String schema, String name, int leftType, int rightType) {
        for (OperatorDescriptor operator : operators(schema, name)) {
            if (operator.leftType() == leftType && operator.rightType() == rightType) {
                return operator;
            }
        }
        return null;
    }

    @Override
    public CastDescriptor cast(int sourceType, int targetType) {
        for (CastDescriptor cast : castsFrom(sourceType)) {
            if (cast.targetType() == targetType) {
                return cast;
            }
        }
        return null;
    }

    @Override
    public List<CastDescriptor> castsFrom(int sourceType) {
        return cached(Region.CAST, sourceType, () -> functionLoader.castsFrom(sourceType));
    }

    // Operator classes

    @Override
    public OperatorClassDescriptor operatorClass(int oid) {
        return cached(Region.OPCLASS, oid, () -> functionLoader.operatorClass(oid));
    }

    private List<OperatorClassDescriptor> classesOf(int accessMethod) {
        return cached(Region.OPCLASSES_OF_METHOD, accessMethod, () -> functionLoader.operatorClassesOf(accessMethod));
    }

    @Override
    public OperatorClassDescriptor operatorClass(int accessMethod, String schema, String name) {
        SchemaDescriptor descriptor = schema == null ? null : schema(schema);
        for (SchemaDescriptor candidate : schema == null ? functionPath()
                : descriptor == null ? List.<SchemaDescriptor>of() : List.of(descriptor)) {
            for (OperatorClassDescriptor opclass : classesOf(accessMethod)) {
                if (opclass.schemaOid() == candidate.oid() && opclass.name().equals(name)) {
                    return opclass;
                }
            }
        }
        return null;
    }

    @Override
    public OperatorClassDescriptor defaultOperatorClass(int accessMethod, int typeOid) {
        return cached(Region.DEFAULT_OPCLASS, new PairKey(accessMethod, typeOid),
                () -> findDefaultClass(accessMethod, baseTypeOf(typeOid)));
    }

    private OperatorClassDescriptor findDefaultClass(int accessMethod, int typeOid) {
        List<OperatorClassDescriptor> defaults = classesOf(accessMethod).stream()
                .filter(OperatorClassDescriptor::isDefault).toList();
        for (OperatorClassDescriptor opclass : defaults) {
            if (opclass.inputType() == typeOid) {
                return opclass;
            }
        }
        OperatorClassDescriptor compatible = null;
        for (OperatorClassDescriptor opclass : defaults) {
            CastDescriptor cast = cast(typeOid, opclass.inputType());
            if (cast != null && cast.isBinary() && cast.isImplicit()) {
                PgType input = pgType(opclass.inputType());
                if (input.preferred()) {
                    return opclass;
                }
                compatible = compatible == null ? opclass : compatible;
            }
        }
        if (compatible != null) {
            return compatible;
        }
        int general = generalType(typeOid);
        for (OperatorClassDescriptor opclass : defaults) {
            if (general != 0 && opclass.inputType() == general) {
                return opclass;
            }
        }
        return null;
    }

    /** The pseudo-type that covers all types of a kind, 0 if none does. */
    private int generalType(int typeOid) {
        PgType type = pgType(typeOid);
        if (type == null) {
            return 0;
        }
        return switch (type.typtype()) {
            case 'e' -> Oids.ANYENUM;
            case 'r' -> Oids.ANYRANGE;
            case 'm' -> Oids.ANYMULTIRANGE;
            case 'c' -> Oids.RECORD;
            default -> type.isArray() ? Oids.ANYARRAY : 0;
        };
    }

    @Override
    public OperatorFamilyDescriptor operatorFamily(int oid) {
        return cached(Region.OPFAMILY, oid, () -> functionLoader.operatorFamily(oid));
    }

    @Override
    public List<OperatorFamilyMember> operatorMemberships(int operatorOid) {
        return cached(Region.OPERATOR_MEMBERSHIPS, operatorOid, () -> functionLoader.memberships(operatorOid));
    }

    @Override
    public int familyOperator(int familyOid, int leftType, int rightType, int strategy) {
        List<OperatorFamilyMember> members = cached(Region.FAMILY_OPERATORS, familyOid,
                () -> functionLoader.familyOperators(familyOid));
        for (OperatorFamilyMember member : members) {
            if (member.leftType() == leftType && member.rightType() == rightType && member.strategy() == strategy
                    && member.purpose() == 's') {
                return member.operatorOid();
            }
        }
        return 0;
    }

    @Override
    public int familyProcedure(int familyOid, int leftType, int rightType, int number) {
        List<FamilyProcedure> procedures = cached(Region.FAMILY_PROCEDURES, familyOid,
                () -> functionLoader.familyProcedures(familyOid));
        for (FamilyProcedure procedure : procedures) {
            if (procedure.leftType() == leftType && procedure.rightType() == rightType
                    && procedure.number() == number) {
                return procedure.functionOid();
            }
        }
        return 0;
    }

    @Override
    public OperatorDescriptor btreeOperator(int typeOid, BtreeStrategy strategy) {
        OperatorClassDescriptor opclass = defaultOperatorClass(CatalogIds.AM_BTREE, typeOid);
        if (opclass == null) {
            return null;
        }
        int oid = familyOperator(opclass.familyOid(), opclass.inputType(), opclass.inputType(), strategy.number());
        return oid == 0 ? null : operator(oid);
    }

    // Shared objects

    private RoleTable roleTable() {
        return cached(Region.ROLES, DescriptorCache.ALL, sharedLoader::roles);
    }

    @Override
    public RoleDescriptor role(int oid) {
        return roleTable().byOid(oid);
    }

    @Override
    public RoleDescriptor role(String name) {
        return roleTable().byName(name);
    }

    @Override
    public List<RoleDescriptor> roles() {
        return roleTable().all();
    }

    @Override
    public List<Integer> inheritedRoles(int roleOid) {
        return withDatabaseOwner(roleTable().closure(roleOid, true));
    }

    @Override
    public boolean isMemberOf(int roleOid, int groupOid) {
        RoleDescriptor role = role(roleOid);
        return role != null && role.superuser()
                || withDatabaseOwner(roleTable().closure(roleOid, false)).contains(groupOid);
    }

    /** The owner of the database is the one, unrecorded, member of pg_database_owner. */
    private List<Integer> withDatabaseOwner(List<Integer> roles) {
        DatabaseDescriptor database = database(databaseOid);
        if (database == null || !roles.contains(database.ownerOid())
                || roles.contains(PredefinedRoles.DATABASE_OWNER)) {
            return roles;
        }
        List<Integer> all = new ArrayList<>(roles);
        all.add(PredefinedRoles.DATABASE_OWNER);
        return all;
    }

    @Override
    public DatabaseDescriptor database(int oid) {
        for (DatabaseDescriptor database : databases()) {
            if (database.oid() == oid) {
                return database;
            }
        }
        return null;
    }

    @Override
    public DatabaseDescriptor database(String name) {
        for (DatabaseDescriptor database : databases()) {
            if (database.name().equals(name)) {
                return database;
            }
        }
        return null;
    }

    @Override
    public List<DatabaseDescriptor> databases() {
        return cached(Region.DATABASES, DescriptorCache.ALL, sharedLoader::databases);
    }

    private List<CollationDescriptor> collations() {
        return cached(Region.COLLATIONS, DescriptorCache.ALL, sharedLoader::collations);
    }

    @Override
    public CollationDescriptor collation(int oid) {
        for (CollationDescriptor collation : collations()) {
            if (collation.oid() == oid) {
                return collation;
            }
        }
        return null;
    }

    @Override
    public CollationDescriptor collation(String schema, String name) {
        for (SchemaDescriptor candidate : schema == null ? searchPath() : schemas()) {
            for (CollationDescriptor collation : collations()) {
                if (collation.schemaOid() == candidate.oid() && collation.name().equals(name)
                        && (schema == null || candidate.name().equals(schema))) {
                    return collation;
                }
            }
        }
        return null;
    }

    @Override
    public String comment(int classOid, int objectOid, int subId) {
        CatalogRow row = finder.one(Finder.DESCRIPTION, (long) objectOid, (long) classOid, (long) subId);
        return row == null ? null : row.text(PgDescription.DESCRIPTION);
    }

    @Override
    public String sharedComment(int classOid, int objectOid) {
        CatalogRow row = finder.one(Finder.SHARED_DESCRIPTION, (long) objectOid, (long) classOid);
        return row == null ? null : row.text(PgShdescription.DESCRIPTION);
    }
}
