package io.quantadb.session;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.FunctionDescriptor;
import io.quantadb.catalog.OperatorDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RoleDescriptor;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.TypeName;
import io.quantadb.sql.parser.Keywords;
import io.quantadb.sql.parser.SqlParser;
import io.quantadb.types.ObjectNames;
import io.quantadb.types.Oids;
import java.util.ArrayList;
import java.util.List;

/** Names of catalog objects as the reg* types print and read them. Confined to the session's thread. */
public final class CatalogNames implements ObjectNames {
    private final CatalogReader catalog;

    public CatalogNames(CatalogReader catalog) {
        this.catalog = catalog;
    }

    @Override
    public String nameOf(int regTypeOid, long oid) {
        int id = (int) oid;
        return switch (regTypeOid) {
            case Oids.REGCLASS -> {
                RelationDescriptor relation = catalog.relation(id);
                yield relation == null ? null : qualified(catalog.relationIsVisible(id), relation.schemaName(), relation.name());
            }
            case Oids.REGTYPE -> catalog.type(id) == null ? null : catalog.formatType(id, -1);
            case Oids.REGNAMESPACE -> {
                SchemaDescriptor schema = catalog.schema(id);
                yield schema == null ? null : Keywords.quoteIdentifier(schema.name());
            }
            case Oids.REGROLE -> {
                RoleDescriptor role = catalog.role(id);
                yield role == null ? null : Keywords.quoteIdentifier(role.name());
            }
            case Oids.REGPROC, Oids.REGPROCEDURE -> function(id, regTypeOid == Oids.REGPROCEDURE);
            case Oids.REGOPER, Oids.REGOPERATOR -> operator(id, regTypeOid == Oids.REGOPERATOR);
            default -> null;
        };
    }

    private static String qualified(boolean visible, String schema, String name) {
        return visible ? Keywords.quoteIdentifier(name) : Keywords.quoteIdentifier(schema) + "." + Keywords.quoteIdentifier(name);
    }

    private String function(int oid, boolean withArguments) {
        FunctionDescriptor function = catalog.function(oid);
        if (function == null) {
            return null;
        }
        boolean visible = withArguments ? catalog.functionIsVisible(oid) : catalog.functions(null, function.name()).size() == 1;
        String name = qualified(visible, catalog.schema(function.schemaOid()).name(), function.name());
        return withArguments ? name + "(" + types(function.argTypes()) + ")" : name;
    }

    private String types(int[] oids) {
        StringBuilder list = new StringBuilder();
        for (int oid : oids) {
            list.append(list.isEmpty() ? "" : ",").append(catalog.formatType(oid, -1));
        }
        return list.toString();
    }

    private String operator(int oid, boolean withArguments) {
        OperatorDescriptor operator = catalog.operator(oid);
        if (operator == null || !withArguments) {
            return operator == null ? null : operator.name();
        }
        String left = operator.leftType() == 0 ? "NONE" : catalog.formatType(operator.leftType(), -1);
        return operator.name() + "(" + left + "," + catalog.formatType(operator.rightType(), -1) + ")";
    }

    @Override
    public long oidOf(int regTypeOid, String name) {
        return switch (regTypeOid) {
            case Oids.REGCLASS -> relation(name);
            case Oids.REGTYPE -> type(name);
            case Oids.REGNAMESPACE -> {
                SchemaDescriptor schema = catalog.schema(parts(name).getLast());
                if (schema == null) {
                    throw new SqlException(SqlState.UNDEFINED_SCHEMA, "schema \"" + name + "\" does not exist");
                }
                yield unsigned(schema.oid());
            }
            case Oids.REGROLE -> {
                RoleDescriptor role = catalog.role(parts(name).getLast());
                if (role == null) {
                    throw new SqlException(SqlState.UNDEFINED_OBJECT, "role \"" + name + "\" does not exist");
                }
                yield unsigned(role.oid());
            }
            case Oids.REGPROC -> functionByName(name);
            case Oids.REGPROCEDURE -> functionBySignature(name);
            default -> -1;
        };
    }

    private static long unsigned(int oid) {
        return Integer.toUnsignedLong(oid);
    }

    private long relation(String text) {
        List<String> parts = parts(text);
        String schema = parts.size() > 1 ? parts.get(parts.size() - 2) : null;
        RelationDescriptor relation = catalog.relation(schema, parts.getLast());
        if (relation == null) {
            throw new SqlException(SqlState.UNDEFINED_TABLE, "relation \"" + String.join(".", parts) + "\" does not exist");
        }
        return unsigned(relation.oid());
    }

    private long type(String text) {
        TypeName name = SqlParser.parseTypeName(text);
        return unsigned(TypeLookup.oid(name, "", catalog));
    }

    private long functionByName(String text) {
        List<String> parts = parts(text);
        String schema = parts.size() > 1 ? parts.get(parts.size() - 2) : null;
        List<FunctionDescriptor> found = catalog.functions(schema, parts.getLast());
        if (found.isEmpty()) {
            throw new SqlException(SqlState.UNDEFINED_FUNCTION, "function \"" + text + "\" does not exist");
        }
        if (found.size() > 1) {
            throw new SqlException(SqlState.AMBIGUOUS_FUNCTION, "more than one function named \"" + text + "\"");
        }
        return unsigned(found.getFirst().oid());
    }

    private long functionBySignature(String text) {
        int open = text.indexOf('(');
        int close = text.lastIndexOf(')');
        if (open < 0 || close < open) {
            throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, open < 0 ? "expected a left parenthesis" : "expected a right parenthesis");
        }
        String list = text.substring(open + 1, close).trim();
        List<Integer> types = new ArrayList<>();
        for (String type : list.isEmpty() ? new String[0] : list.split(",")) {
            types.add((int) type(type.trim()));
        }
        List<String> parts = parts(text.substring(0, open));
        String schema = parts.size() > 1 ? parts.get(parts.size() - 2) : null;
        FunctionDescriptor function = catalog.function(schema, parts.getLast(), types.stream().mapToInt(Integer::intValue).toArray());
        if (function == null) {
            throw new SqlException(SqlState.UNDEFINED_FUNCTION, "function \"" + text + "\" does not exist");
        }
        return unsigned(function.oid());
    }

    /** Splits a dotted name, folding what is not quoted. */
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                if (quoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    part.append('"');
                    i++;
                } else {
                    quoted = !quoted;
                }
            } else if (c == '.' && !quoted) {
                parts.add(part.toString());
                part.setLength(0);
            } else if (quoted || !Character.isWhitespace(c)) {
                part.append(quoted ? c : Character.toLowerCase(c));
            }
        }
        parts.add(part.toString());
        if (parts.stream().anyMatch(String::isEmpty)) {
            throw new SqlException(SqlState.INVALID_NAME, "invalid name syntax");
        }
        return parts;
    }
}
