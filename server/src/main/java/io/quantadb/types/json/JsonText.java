package io.quantadb.types.json;

/** Writes JSON text as PostgreSQL does. */
public final class JsonText {
    private JsonText() {
    }

    /** Appends jsonb's text form. */
    public static void append(JsonValue value, StringBuilder out) {
        switch (value) {
            case JsonValue.Null n -> out.append("null");
            case JsonValue.Bool b -> out.append(b.value());
            case JsonValue.Num n -> out.append(n.value());
            case JsonValue.Str s -> appendString(s.value(), out);
            case JsonValue.Arr array -> {
                out.append('[');
                for (int i = 0; i < array.size(); i++) {
                    out.append(i > 0 ? ", " : "");
                    append(array.elements().get(i), out);
                }
                out.append(']');
            }
            case JsonValue.Obj object -> {
                out.append('{');
                for (int i = 0; i < object.size(); i++) {
                    out.append(i > 0 ? ", " : "");
                    appendString(object.key(i), out);
                    out.append(": ");
                    append(object.value(i), out);
                }
                out.append('}');
            }
        }
    }

    /** What {@code jsonb_pretty} returns: four blanks a level. */
    public static String pretty(JsonValue value) {
        StringBuilder out = new StringBuilder();
        appendPretty(value, 0, out);
        return out.toString();
    }

    private static void appendPretty(JsonValue value, int depth, StringBuilder out) {
        switch (value) {
            case JsonValue.Arr array -> {
                out.append('[');
                for (int i = 0; i < array.size(); i++) {
                    out.append(i > 0 ? "," : "").append('\n').append("    ".repeat(depth + 1));
                    appendPretty(array.elements().get(i), depth + 1, out);
                }
                out.append('\n').append("    ".repeat(depth)).append(']');
            }
            case JsonValue.Obj object -> {
                out.append('{');
                for (int i = 0; i < object.size(); i++) {
                    out.append(i > 0 ? "," : "").append('\n').append("    ".repeat(depth + 1));
                    appendString(object.key(i), out);
                    out.append(": ");
                    appendPretty(object.value(i), depth + 1, out);
                }
                out.append('\n').append("    ".repeat(depth)).append('}');
            }
            default -> append(value, out);
        }
    }

    /** Appends a quoted JSON string. */
    public static void appendString(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
