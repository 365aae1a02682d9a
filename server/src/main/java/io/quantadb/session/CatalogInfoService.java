package io.quantadb.session;

import io.quantadb.catalog.AclItem;
import io.quantadb.catalog.CatalogErrors;
import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.CollationDescriptor;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.ConstraintDescriptor;
import io.quantadb.catalog.DatabaseDescriptor;
import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.IndexDescriptor;
import io.quantadb.catalog.OperatorDescriptor;
import io.quantadb.catalog.Privilege;
import io.quantadb.catalog.Privileges;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.RoleDescriptor;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.catalog.SequenceDescriptor;
import io.quantadb.catalog.TypeDescriptor;
import io.quantadb.catalog.TypeNames;
import io.quantadb.catalog.ddl.ObjectAddress;
import io.quantadb.catalog.ddl.ObjectDescriptions;
import io.quantadb.catalog.table.CatalogTables;
import io.quantadb.catalog.table.ExpressionLists;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.function.CatalogInfo;
import io.quantadb.sql.analyzer.Analyzer;
import io.quantadb.sql.analyzer.AnalyzerContext;
import io.quantadb.sql.analyzer.Deparser;
import io.quantadb.types.Oids;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The catalog for system information functions, along a session's search path. Confined to the session's thread. */
final class CatalogInfoService implements CatalogInfo {
    private final Session session;

    CatalogInfoService(Session session) {
        this.session = session;
    }

    private CatalogReader catalog() {
        return session.catalog();
    }

    @Override
    public String formatType(int typeOid, Integer typmod) {
        return TypeNames.format(catalog(), typeOid, typmod == null ? -1 : typmod, typmod != null);
    }

    @Override
    public Boolean isVisible(Kind kind, int oid) {
        return switch (kind) {
            case TABLE -> catalog().relation(oid) == null ? null : (Boolean) catalog().relationIsVisible(oid);
            case TYPE -> catalog().type(oid) == null ? null : (Boolean) catalog().typeIsVisible(oid);
            case FUNCTION -> catalog().function(oid) == null ? null : (Boolean) catalog().functionIsVisible(oid);
            case OPERATOR -> {
                OperatorDescriptor operator = catalog().operator(oid);
                yield operator == null ? null : (Boolean) isSearched(operator.schemaOid());
            }
            case OPCLASS -> catalog().operatorClass(oid) == null ? null : (Boolean) isSearched(catalog().operatorClass(oid).schemaOid());
            case COLLATION -> catalog().collation(oid) == null ? null : (Boolean) isSearched(catalog().collation(oid).schemaOid());
            default -> true;
        };
    }

    private boolean isSearched(int schemaOid) {
        return catalog().searchPath().stream().anyMatch(schema -> schema.oid() == schemaOid);
    }

    @Override
    public String userName(int roleOid) {
        RoleDescriptor role = catalog().role(roleOid);
        return role == null ? "unknown (OID=" + Integer.toUnsignedString(roleOid) + ")" : role.name();
    }

    private StoredExpressions printer(boolean pretty) {
        return new StoredExpressions(session, pretty ? Deparser.Style.PRETTY : Deparser.Style.INDENTED);
    }

    @Override
    public String expression(String stored, int relationOid, boolean pretty) {
        RelationDescriptor relation = relationOid == 0 ? null : catalog().relation(relationOid);
        if (relationOid != 0 && relation == null) {
            return null;
        }
        StoredExpressions printer = printer(pretty);
        return ExpressionLists.split(stored).stream().map(one -> printer.text(one, relation))
            .collect(Collectors.joining(", "));
    }

    @Override
    public String indexDefinition(int indexOid, int column, boolean pretty) {
        IndexDescriptor index = catalog().index(indexOid);
        if (index == null) {
            return null;
        }
        if (column == 0) {
            return CatalogDefinitions.index(printer(pretty), index, pretty);
        }
        List<IndexColumn> columns = new ArrayList<>(index.keyColumns());
        columns.addAll(index.includeColumns());
        return column < 1 || column > columns.size() ? ""
            : CatalogDefinitions.indexColumn(printer(pretty), index, columns.get(column - 1), false);
    }

    @Override
    public String constraintDefinition(int constraintOid, boolean pretty) {
        ConstraintDescriptor constraint = catalog().constraint(constraintOid);
        return constraint == null ? null : CatalogDefinitions.constraint(printer(pretty), constraint);
    }

    @Override
    public String viewDefinition(int relationOid, boolean pretty) {
        RelationDescriptor view = catalog().relation(relationOid);
        return view == null || view.viewDefinition() == null ? null : printer(pretty).view(view);
    }

    @Override
    public String functionDefinition(int functionOid) {
        FunctionDescriptor function = catalog().function(functionOid);
        if (function == null) {
            return null;
        }
        if (function.isAggregate()) {
            throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + function.name() + "\" is an aggregate function");
        }
        String language = switch (function.language()) {
            case CatalogIds.LANGUAGE_INTERNAL -> "internal";
            case CatalogIds.LANGUAGE_C -> "c";
            case CatalogIds.LANGUAGE_SQL -> "sql";
            default -> "plpgsql";
        };
        return CatalogDefinitions.function(catalog(), function, language);
    }

    @Override
    public String functionArguments(int functionOid, boolean defaults) {
        FunctionDescriptor function = catalog().function(functionOid);
        return function == null ? null : CatalogDefinitions.arguments(catalog(), function, defaults);
    }

    @Override
    public String functionResult(int functionOid) {
        FunctionDescriptor function = catalog().function(functionOid);
        return function == null ? null : CatalogDefinitions.result(catalog(), function);
    }

    @Override
    public String functionBody(int functionOid) {
        FunctionDescriptor function = catalog().function(functionOid);
        return function == null ? null : function.sqlBody();
    }

    @Override
    public String functionArgumentDefault(int functionOid, int number) {
        FunctionDescriptor function = catalog().function(functionOid);
        int index = function == null ? -1 : number - 1 - function.requiredArgs();
        return index < 0 || index >= function.defaults().size() ? null : function.defaults().get(index);
    }

    @Override
    public String serialSequence(String table, String column) {
        int relation = objectOid(Kind.TABLE, table);
        int sequence = catalog().ownedSequence(relation, columnNumber(relation, column));
        RelationDescriptor found = sequence == 0 ? null : catalog().relation(sequence);
        return found == null ? null : CatalogDefinitions.qualified(found.schemaName(), found.name());
    }

    @Override
    public String comment(int classOid, int objectOid, int subId) {
        if (classOid != 0) {
            return catalog().comment(classOid, objectOid, subId);
        }
        for (String name : new String[] {"pg_class", "pg_proc", "pg_type", "pg_namespace", "pg_constraint", "pg_operator"}) {
            String comment = catalog().comment(catalogOid(name), objectOid, subId);
            if (comment != null) {
                return comment;
            }
        }
        return null;
    }

    @Override
    public String sharedComment(int classOid, int objectOid) {
        return catalog().sharedComment(classOid, objectOid);
    }

    @Override
    public int catalogOid(String name) {
        return CatalogTables.all().stream().filter(table -> table.name().equals(name)).mapToInt(table -> table.oid()).findFirst().orElse(0);
    }

    @Override
    public int objectOid(Kind kind, String name) {
        return switch (kind) {
            case TABLE -> (int) session.text().names().oidOf(Oids.REGCLASS, name);
            case TYPE -> (int) session.text().names().oidOf(Oids.REGTYPE, name);
            case FUNCTION -> (int) session.text().names().oidOf(Oids.REGPROCEDURE, name);
            case SCHEMA -> {
                SchemaDescriptor schema = catalog().schema(name);
                if (schema == null) {
                    throw CatalogErrors.noSchema(name);
                }
                yield schema.oid();
            }
            case DATABASE -> {
                DatabaseDescriptor database = catalog().database(name);
                if (database == null) {
                    throw new SqlException(SqlState.UNDEFINED_DATABASE, "database \"" + name + "\" does not exist");
                }
                yield database.oid();
            }
            case ROLE -> {
                RoleDescriptor role = catalog().role(name);
                if (role == null) {
                    throw new SqlException(SqlState.UNDEFINED_OBJECT, "role \"" + name + "\" does not exist");
                }
                yield role.oid();
            }
            case LANGUAGE -> switch (name) {
                case "internal" -> CatalogIds.LANGUAGE_INTERNAL;
                case "c" -> CatalogIds.LANGUAGE_C;
                case "sql" -> CatalogIds.LANGUAGE_SQL;
                case "plpgsql" -> 13_563;
                default -> throw new SqlException(SqlState.UNDEFINED_OBJECT, "language \"" + name + "\" does not exist");
            };
            case TABLESPACE -> switch (name) {
                case "pg_default" -> CatalogIds.TABLESPACE_DEFAULT;
                case "pg_global" -> CatalogIds.TABLESPACE_GLOBAL;
                default -> throw new SqlException(SqlState.UNDEFINED_OBJECT, "tablespace \"" + name + "\" does not exist");
            };
            default -> throw SqlException.notSupported("looking up this kind of object by name is not supported");
        };
    }

    @Override
    public int columnNumber(int relationOid, String column) {
        RelationDescriptor relation = catalog().relation(relationOid);
        ColumnDescriptor found = relation == null ? null : relation.column(column);
        if (found == null) {
            throw CatalogErrors.noColumn(column, relation == null ? Integer.toUnsignedString(relationOid) : relation.name());
        }
        return found.attnum();
    }

    @Override
    public Boolean hasPrivilege(Kind kind, int roleOid, int objectOid, int column, String rights) {
        for (String right : rights.split(",")) {
            String word = right.strip().toUpperCase(Locale.ROOT);
            boolean option = word.endsWith(" WITH GRANT OPTION");
            Privilege privilege = Privilege.ofName(option ? word.substring(0, word.length() - " WITH GRANT OPTION".length()) : word);
            if (privilege == null) {
                throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "unrecognized privilege type: \"" + right.strip() + "\"");
            }
            Boolean held = holds(kind, roleOid, objectOid, column, privilege.bit());
            if (held == null || held) {
                return held;
            }
        }
        return false;
    }

    private Boolean holds(Kind kind, int role, int oid, int column, int bit) {
        CatalogReader catalog = catalog();
        return switch (kind) {
            case TABLE -> {
                RelationDescriptor relation = catalog.relation(oid);
                yield relation == null ? null : (Boolean) holdsOnRelation(relation, role, column, bit);
            }
            case SCHEMA -> catalog.schema(oid) == null ? null : (Boolean) (Privileges.onSchema(catalog, role, catalog.schema(oid), bit) != 0);
            case FUNCTION -> catalog.function(oid) == null ? null : (Boolean) (Privileges.onFunction(catalog, role, catalog.function(oid), bit) != 0);
            case TYPE -> catalog.type(oid) == null ? null : (Boolean) (Privileges.onType(catalog, role, catalog.type(oid), bit) != 0);
            case DATABASE -> catalog.database(oid) == null ? null : (Boolean) (Privileges.onDatabase(catalog, role, catalog.database(oid), bit) != 0);
            case LANGUAGE -> true;
            default -> catalog.role(role) != null && catalog.role(role).superuser();
        };
    }

    private boolean holdsOnRelation(RelationDescriptor relation, int role, int column, int bit) {
        if (column >= 0) {
            return Privileges.onColumn(catalog(), role, relation, column, bit) != 0;
        }
        return relation.liveColumns().stream().anyMatch(c -> Privileges.onColumn(catalog(), role, relation, c.attnum(), bit) != 0);
    }

    @Override
    public boolean hasRole(int roleOid, int groupOid, String rights) {
        for (String right : rights.split(",")) {
            String word = right.strip().toUpperCase(Locale.ROOT);
            boolean usage = word.startsWith("USAGE");
            if (!usage && !word.startsWith("MEMBER")) {
                throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "unrecognized privilege type: \"" + right.strip() + "\"");
            }
            RoleDescriptor role = catalog().role(roleOid);
            boolean superuser = role != null && role.superuser();
            if (superuser || (usage ? catalog().inheritedRoles(roleOid).contains(groupOid) : catalog().isMemberOf(roleOid, groupOid))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Object[] sequenceParameters(int sequenceOid) {
        SequenceDescriptor sequence = catalog().sequence(sequenceOid);
        if (sequence == null) {
            throw new SqlException(SqlState.UNDEFINED_OBJECT, "could not find sequence with OID " + Integer.toUnsignedString(sequenceOid));
        }
        return new Object[] {sequence.start(), sequence.minimum(), sequence.maximum(), sequence.increment(), sequence.cycle(), sequence.cache(),
            Integer.toUnsignedLong(sequence.typeOid())};
    }

    @Override
    public String collationName(int collationOid) {
        CollationDescriptor collation = catalog().collation(collationOid);
        return collation == null ? null : CatalogDefinitions.quote(collation.name());
    }

    private ObjectDescriptions descriptions() {
        return new ObjectDescriptions(catalog(), session.sessionCatalog().transactionCatalog().store());
    }

    @Override
    public String describe(int classOid, int objectOid, int subId) {
        return descriptions().describe(new ObjectAddress(classOid, objectOid, subId));
    }

    @Override
    public Object[] identify(int classOid, int objectOid, int subId) {
        return new ObjectIdentities(catalog(), descriptions()).identify(classOid, objectOid, subId);
    }

    @Override
    public List<Integer> partitionAncestors(int relationOid) {
        List<Integer> ancestors = new ArrayList<>();
        RelationDescriptor relation = catalog().relation(relationOid);
        while (relation != null && (relation.isPartition() || relation.kind() == RelationKind.PARTITIONED_TABLE)) {
            ancestors.add(relation.oid());
            relation = relation.parents().isEmpty() ? null : catalog().relation(relation.parents().getFirst());
        }
        return ancestors;
    }

    @Override
    public int temporarySchema() {
        return session.sessionCatalog().temporarySchema();
    }

    @Override
    public List<Object[]> explodeAcl(List<String> items) {
        List<Object[]> rows = new ArrayList<>();
        for (String text : items) {
            AclItem item = AclItem.parse(text);
            for (Privilege privilege : Privilege.values()) {
                if ((item.rights() & privilege.bit()) != 0) {
                    String word = privilege == Privilege.ALTER_SYSTEM ? "ALTER SYSTEM" : privilege.name();
                    rows.add(new Object[] {roleOid(item.grantor()), item.isPublic() ? 0L : roleOid(item.grantee()), word,
                        (item.grantOptions() & privilege.bit()) != 0});
                }
            }
        }
        return rows;
    }

    private long roleOid(String name) {
        return Integer.toUnsignedLong(objectOid(Kind.ROLE, name));
    }

    @Override
    public List<String> defaultAcl(char kind, int ownerOid) {
        Privileges.ObjectKind objectKind = Privileges.ObjectKind.ofLetter(kind);
        if (objectKind == null) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "unrecognized object type abbreviation: " + kind);
        }
        return Privileges.defaults(objectKind, userName(ownerOid));
    }

    @Override
    public int updatability(int relationOid, int column) {
        RelationDescriptor relation = catalog().relation(relationOid);
        return relation == null ? 0 : Analyzer.updatableEvents(relation, column,
            AnalyzerContext.of(session.catalog(), session.text(), session.roleOid()));
    }

    @Override
    public Boolean indexProperty(int indexOid, int column, String property) {
        IndexDescriptor index = catalog().index(indexOid);
        if (index == null) {
            return null;
        }
        if (column == 0) {
            return switch (property) {
                case "clusterable", "index_scan", "bitmap_scan", "backward_scan" -> true;
                default -> null;
            };
        }
        if (column > index.keyColumns().size()) {
            return column <= index.keyColumns().size() + index.includeColumns().size() ? (Boolean) property.equals("returnable") : null;
        }
        IndexColumn key = index.keyColumns().get(column - 1);
        return switch (property) {
            case "asc" -> !key.descending();
            case "desc" -> key.descending();
            case "nulls_first" -> key.nullsFirst();
            case "nulls_last" -> !key.nullsFirst();
            case "orderable", "returnable", "search_array", "search_nulls" -> true;
            case "distance_orderable" -> false;
            default -> null;
        };
    }

    @Override
    public List<Long> enumLabels(int typeOid) {
        TypeDescriptor type = catalog().type(typeOid);
        return type == null ? List.of() : type.enumLabels().stream().map(label -> Integer.toUnsignedLong(label.oid())).toList();
    }
}
