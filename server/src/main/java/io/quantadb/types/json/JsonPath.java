package io.quantadb.types.json;

import io.quantadb.types.Numeric;
import java.util.List;

/**
 * A parsed SQL/JSON path: the value of type jsonpath. Immutable.
 *
 * <p>Source: SQL:2016, "SQL/JSON path language"; printed form as PostgreSQL 15 prints it.
 *
 * @param lax structural errors are ignored and arrays unwrapped where needed
 */
public record JsonPath(boolean lax, Item root) {
    /** What an item does. */
    public enum Kind {
        NULL, BOOL, NUMBER, STRING, VARIABLE, ROOT, CURRENT, LAST, KEY, ANY_KEY, ANY, ANY_ARRAY, INDEX, FILTER,
        METHOD, DATETIME, AND, OR, NOT, IS_UNKNOWN, EXISTS, STARTS_WITH, LIKE_REGEX,
        EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO, PLUS,
                MINUS;

        /** Whether it says true, false or unknown. */
        public boolean isPredicate() {
            return ordinal() >= AND.ordinal() && ordinal() <= GREATER_EQUAL.ordinal();
        }

        /** How the operator is written. */
        public String symbol() {
            return switch (this) {
                case AND -> "&&";
                case OR -> "||";
                case EQUAL -> "==";
                case NOT_EQUAL -> "!=";
                case LESS -> "<";
                case LESS_EQUAL -> "<=";
                case GREATER -> ">";
                case GREATER_EQUAL -> ">=";
                case ADD, PLUS -> "+";
                case SUBTRACT, MINUS -> "-";
                case MULTIPLY -> "*";
                case DIVIDE -> "/";
                case MODULO -> "%";
                case STARTS_WITH -> "starts with";
                default -> "";
            };
        }

        private int priority() {
            return switch (this) {
                case OR -> 0;
                case AND -> 1;
                case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, STARTS_WITH -> 2;
                case ADD, SUBTRACT -> 3;
                case MULTIPLY, DIVIDE, MODULO -> 4;
                case PLUS, MINUS -> 5;
                default -> 6;
            };
        }
    }

    /** One subscript; {@code to} null for a single index. */
    public record Subscript(Item from, Item to) {
    }

    /** Levels of {@code **}; {@link #LAST} stands for the leaves. */
    public record Levels(long first, long last) {
        public static final long LAST = 0xFFFF_FFFFL;
    }

    /** The pattern of LIKE_REGEX and its flags as written. */
    public record Pattern(String regex, String flags) {
    }

    /**
     * A step, or an operator over two items.
     *
     * @param value key, variable, method name, constant, {@link Levels}, {@link Pattern} or list of
     *     {@link Subscript}; by kind
     * @param left  first operand, argument of a filter or method; null if there is none
     * @param next  what is applied to the result; null at the end
     */
    public record Item(Kind kind, Object value, Item left, Item right, Item next) {
        static Item of(Kind kind, Object value) {
            return new Item(kind, value, null, null, null);
        }

        static Item of(Kind kind, Item left, Item right) {
            return new Item(kind, null, left, right, null);
        }

        /** This chain with another chain behind it. */
        Item then(Item tail) {
            return new Item(kind, value, left, right, next == null ? tail : next.then(tail));
        }

        @SuppressWarnings("unchecked")
        public List<Subscript> subscripts() {
            return (List<Subscript>) value;
        }

        public Item withoutNext() {
            return next == null ? this : new Item(kind, value, left, right, null);
        }
    }

    public static JsonPath parse(String text) {
        return new JsonPathParser(text).parse();
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(lax ? "" : "strict ");
        print(root, false, true, out);
        return out.toString();
    }

    private static void print(Item item, boolean inKey, boolean brackets, StringBuilder out) {
        switch (item.kind()) {
            case NULL -> out.append("null");
            case BOOL -> out.append(item.value());
            case NUMBER -> number((Numeric) item.value(), item.next() != null, out);
            case STRING -> JsonText.appendString((String) item.value(), out);
            case VARIABLE -> JsonText.appendString((String) item.value(), out.append('$'));
            case ROOT -> out.append('$');
            case CURRENT -> out.append('@');
            case LAST -> out.append("last");
            case KEY -> JsonText.appendString((String) item.value(), out.append(inKey ? "." : ""));
            case ANY_KEY -> out.append(inKey ? ".*" : "*");
            case ANY -> levels((Levels) item.value(), out.append(inKey ? "." : ""));
            case ANY_ARRAY -> out.append("[*]");
            case INDEX -> subscripts(item, out);
            case FILTER -> {
                out.append("?(");
                print(item.left(), false, false, out);
                out.append(')');
            }
            case METHOD -> out.append('.').append(item.value()).append("()");
            case DATETIME -> {
                out.append(".datetime(");
                if (item.left() != null) {
                    print(item.left(), false, false, out);
                }
                out.append(')');
            }
            case NOT -> {
                out.append("!(");
                print(item.left(), false, false, out);
                out.append(')');
            }
            case IS_UNKNOWN -> {
                out.append('(');
                print(item.left(), false, false, out);
                out.append(") is unknown");
            }
            case EXISTS -> {
                out.append("exists (");
                print(item.left(), false, false, out);
                out.append(')');
            }
            case LIKE_REGEX -> like(item, brackets, out);
            case PLUS, MINUS -> {
                out.append(brackets ? "(" : "").append(item.kind().symbol());
                print(item.left(), false, item.left().kind().priority() <= item.kind().priority(), out);
                out.append(brackets ? ")" : "");
            }
            default -> {
                int priority = item.kind().priority();
                out.append(brackets ? "(" : "");
                print(item.left(), false, item.left().kind().priority() <= priority, out);
                out.append(' ').append(item.kind().symbol()).append(' ');
                print(item.right(), false, item.right().kind().priority() <= priority, out);
                out.append(brackets ? ")" : "");
            }
        }
        if (item.next() != null) {
            print(item.next(), true, true, out);
        }
    }

    private static void number(Numeric value, boolean brackets, StringBuilder out) {
        out.append(brackets ? "(" : "").append(value).append(brackets ? ")" : "");
    }

    private static String level(long level) {
        return level == Levels.LAST ? "last" : Long.toString(level);
    }

    private static void levels(Levels levels, StringBuilder out) {
        if (levels.first() == 0 && levels.last() == Levels.LAST) {
            out.append("**");
        } else if (levels.first() == levels.last()) {
            out.append("**{").append(level(levels.first())).append('}');
        } else {
            out.append("**{").append(level(levels.first())).append(" to ").append(level(levels.last())).append('}');
        }
    }

    private static void subscripts(Item item, StringBuilder out) {
        out.append('[');
        String separator = "";
        for (Subscript subscript : item.subscripts()) {
            out.append(separator);
            print(subscript.from(), false, false, out);
            if (subscript.to() != null) {
                out.append(" to ");
                print(subscript.to(), false, false, out);
            }
            separator = ",";
        }
        out.append(']');
    }

    private static void like(Item item, boolean brackets, StringBuilder out) {
        Pattern pattern = (Pattern) item.value();
        out.append(brackets ? "(" : "");
        print(item.left(), false, item.left().kind().priority() <= item.kind().priority(), out);
        out.append(" like_regex ");
        JsonText.appendString(pattern.regex(), out);
        if (!pattern.flags().isEmpty()) {
            out.append(" flag \"");
            for (char flag : "ismxq".toCharArray()) {
                if (pattern.flags().indexOf(flag) >= 0) {
                    out.append(flag);
                }
            }
            out.append('"');
        }
        out.append(brackets ? ")" : "");
    }
}
