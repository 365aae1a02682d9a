package io.quantadb.sql.analyzer;

import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.TypeDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Expression;
import io.quantadb.sql.ast.QualifiedName;
import io.quantadb.sql.ast.TypeName;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** Facts about types that resolution asks for, and the lookup of written type names. Stateless over one catalog. */
final class TypeRules {
    private final Analysis analysis;

    TypeRules(Analysis analysis) {
        this.analysis = analysis;
    }

    /** A type with a modifier. */
    record Typed(int oid, int typmod) {
    }

    TypeDescriptor descriptor(int oid) {
        return oid == 0 ? null : analysis.catalog.type(oid);
    }

    PgType pg(int oid) {
        return oid == 0 ? null : analysis.catalog.pgType(oid);
    }

    char category(int oid) {
        PgType type = pg(oid);
        return type == null ? 'X' : type.category();
    }

    boolean preferred(int oid) {
        PgType type = pg(oid);
        return type != null && type.preferred();
    }

    boolean isDomain(int oid) {
        PgType type = pg(oid);
        return type != null && type.typtype() == 'd';
    }

    /** The type below all domains, itself if it is none. */
    int base(int oid) {
        return isDomain(oid) ? analysis.catalog.baseTypeOf(oid) : oid;
    }

    /** As {@link #base}, with the modifier the outermost domain that has one imposes. */
    Typed base(int oid, int typmod) {
        int current = oid;
        int modifier = typmod;
        while (isDomain(current)) {
            TypeDescriptor domain = descriptor(current);
            modifier = domain.baseTypmod();
            current = domain.baseTypeOid();
            if (modifier >= 0) {
                return new Typed(base(current), modifier);
            }
        }
        return new Typed(current, modifier);
    }

    /** Element type of a true array type, 0 otherwise (a domain over an array is not looked through). */
    int element(int oid) {
        PgType type = pg(oid);
        return type != null && type.typtype() != 'd' && type.isArray() ? type.elementOid() : 0;
    }

    /** As {@link #element}, but looks through domains. */
    int baseElement(int oid) {
        return element(base(oid));
    }

    int arrayOf(int oid) {
        return analysis.catalog.arrayTypeOf(oid);
    }

    boolean isEnum(int oid) {
        PgType type = pg(oid);
        return type != null && type.typtype() == 'e';
    }

    boolean isRange(int oid) {
        PgType type = pg(oid);
        return type != null && type.typtype() == 'r';
    }

    boolean isMultirange(int oid) {
        PgType type = pg(oid);
        return type != null && type.typtype() == 'm';
    }

    /** Subtype of a range, or of a multirange's range; 0 otherwise. */
    int rangeSubtype(int oid) {
        TypeDescriptor type = descriptor(oid);
        return type != null && (type.isRange() || type.isMultirange()) ? type.subtypeOid() : 0;
    }

    int multirangeOf(int range) {
        TypeDescriptor type = descriptor(range);
        return type != null && type.isRange() ? type.rangeOid() : 0;
    }

    int rangeOf(int multirange) {
        TypeDescriptor type = descriptor(multirange);
        return type != null && type.isMultirange() ? type.rangeOid() : 0;
    }

    /** A named composite type or a domain over one. */
    boolean isComplex(int oid) {
        PgType type = pg(base(oid));
        return type != null && type.typtype() == 'c';
    }

    boolean isRowType(int oid) {
        return oid == Oids.RECORD || isComplex(oid);
    }

    boolean isComplexArray(int oid) {
        int element = element(oid);
        return element != 0 && isComplex(element);
    }

    /** Relation of a composite type, 0 if it is none. */
    int relationOf(int typeOid) {
        TypeDescriptor type = descriptor(base(typeOid));
        return type != null && type.isComposite() ? type.relationOid() : 0;
    }

    boolean inheritsFrom(int subType, int superType) {
        int subRelation = relationOf(subType);
        int superRelation = relationOf(superType);
        if (subRelation == 0 || superRelation == 0) {
            return false;
        }
        Deque<Integer> open = new ArrayDeque<>();
        Set<Integer> seen = new HashSet<>();
        open.add(subRelation);
        while (!open.isEmpty()) {
            int next = open.poll();
            if (next == superRelation && next != subRelation) {
                return true;
            }
            RelationDescriptor relation = analysis.catalog.relation(next);
            if (relation != null && seen.add(next)) {
                open.addAll(relation.parents());
            }
        }
        return false;
    }

    /** Collation values of the type have by default, 0 if it is not collatable. */
    int collationOf(int oid) {
        TypeDescriptor type = descriptor(oid);
        return type == null ? 0 : type.collation();
    }

    static boolean isSimplePolymorphic(int oid) {
        return switch (oid) {
            case Oids.ANYELEMENT, Oids.ANYARRAY, Oids.ANYNONARRAY, Oids.ANYENUM, Oids.ANYRANGE,
                    Oids.ANYMULTIRANGE -> true;
            default -> false;
        };
    }

    static boolean isCompatiblePolymorphic(int oid) {
        return switch (oid) {
            case Oids.ANYCOMPATIBLE, Oids.ANYCOMPATIBLEARRAY, Oids.ANYCOMPATIBLENONARRAY, Oids.ANYCOMPATIBLERANGE,
                    Oids.ANYCOMPATIBLEMULTIRANGE -> true;
            default -> false;
        };
    }

    static boolean isPolymorphic(int oid) {
        return isSimplePolymorphic(oid) || isCompatiblePolymorphic(oid);
    }

    /** Oid and modifier of a written type; 42704 if there is no such type. */
    Typed resolve(TypeName name) {
        if (name.percentType()) {
            return percentType(name);
        }
        QualifiedName q = name.name();
        TypeDescriptor type = find(q);
        if (type == null) {
            throw analysis.error(SqlState.UNDEFINED_OBJECT, "type \"" + spell(name) + "\" does not exist",
                    name.position());
        }
        if (!type.defined()) {
            throw analysis.error(SqlState.UNDEFINED_OBJECT, "type \"" + spell(name) + "\" is only a shell",
                    name.position());
        }
        int oid = type.oid();
        int typmod = typmod(type, name);
        if (name.isArray()) {
            int array = arrayOf(oid);
            if (array == 0) {
                throw analysis.error(SqlState.UNDEFINED_OBJECT, "type \"" + spell(name) + "\" does not exist",
                        name.position());
            }
            oid = array;
        }
        return new Typed(oid, typmod);
    }

    TypeDescriptor find(QualifiedName q) {
        if (q.catalog() != null && !q.catalog().equals(analysis.catalog.databaseName())) {
            throw analysis.notSupported("cross-database references are not implemented: " + q.catalog() + "."
                    + q.schema() + "." + q.name(), q.position());
        }
        if (q.schema() != null && analysis.catalog.schema(q.schema()) == null) {
            throw analysis.error(SqlState.INVALID_SCHEMA_NAME, "schema \"" + q.schema() + "\" does not exist",
                    q.position());
        }
        return analysis.catalog.type(q.schema(), q.name());
    }

    private Typed percentType(TypeName name) {
        QualifiedName q = name.name();
        RelationDescriptor relation = analysis.catalog.relation(q.schema(), q.name());
        if (relation == null) {
            throw analysis.error(SqlState.UNDEFINED_TABLE, "relation \"" + Names.qualified(q) + "\" does not exist",
                    name.position());
        }
        var column = relation.column(name.columnOfType());
        if (column == null) {
            throw analysis.error(SqlState.UNDEFINED_COLUMN, "column \"" + name.columnOfType() + "\" of relation \""
                    + q.name() + "\" does not exist", name.position());
        }
        int oid = column.type().oid();
        return new Typed(name.isArray() ? arrayOf(oid) : oid, column.typmod());
    }

    private int typmod(TypeDescriptor type, TypeName name) {
        if (name.modifiers().isEmpty()) {
            return -1;
        }
        String[] arguments = new String[name.modifiers().size()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = switch (name.modifiers().get(i)) {
                case Expression.NumberLiteral number -> number.text();
                case Expression.StringLiteral string -> string.value();
                case Expression.ColumnRef column when column.fields().size() == 1 && !column.star() ->
                        column.fields().getFirst();
                default -> throw analysis.error(SqlState.SYNTAX_ERROR,
                        "type modifiers must be simple constants or identifiers", name.position());
            };
        }
        try {
            if (!acceptsModifier(type)) {
                throw new SqlException(SqlState.SYNTAX_ERROR,
                        "type modifier is not allowed for type \"" + spell(name) + "\"");
            }
            return type.type().ops().parseTypmod(arguments);
        } catch (SqlException e) {
            throw analysis.locate(e, name.position());
        }
    }

    private static boolean acceptsModifier(TypeDescriptor type) {
        return switch (type.oid()) {
            case Oids.BPCHAR, Oids.VARCHAR, Oids.NUMERIC, Oids.TIME, Oids.TIMESTAMP, Oids.TIMESTAMPTZ, Oids.TIMETZ,
                    Oids.INTERVAL, Oids.BIT, Oids.VARBIT, 1014, 1015, 1115, 1183, 1185, 1187, 1231, 1270, 1561,
                    1563 -> true;
            default -> false;
        };
    }

    /** A type name as messages show it: without pg_catalog if the grammar put it there. */
    static String spell(TypeName name) {
        String text = Names.qualified(name.name());
        return name.isArray() ? text + "[]" : text;
    }
}
