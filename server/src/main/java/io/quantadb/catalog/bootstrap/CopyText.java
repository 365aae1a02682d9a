package io.quantadb.catalog.bootstrap;

/** Splits lines of COPY's text format. Source: PostgreSQL documentation, COPY, "Text Format". */
final class CopyText {
    private CopyText() {
    }

    /** The fields of one line; null for {@code \N}. */
    static String[] fields(String line, int count) {
        String[] fields = new String[count];
        int start = 0;
        for (int i = 0; i < count; i++) {
            int end = line.indexOf('\t', start);
            end = end < 0 ? line.length() : end;
            fields[i] = unescape(line.substring(start, end));
            start = end + 1;
        }
        return fields;
    }

    private static String unescape(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        if (field.equals("\\N")) {
            return null;
        }
        StringBuilder out = new StringBuilder(field.length());
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            char next = field.charAt(++i);
            out.append(switch (next) {
                case 'n' -> '\n';
                case 't' -> '\t';
                case 'r' -> '\r';
                default -> next;
            });
        }
        return out.toString();
    }
}
