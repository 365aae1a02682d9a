package io.quantadb.types;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Text form of arrays: <code>[2:3]={1,NULL}</code>, with PostgreSQL's quoting; and of the vector types. */
final class ArrayText {
    private ArrayText() {
    }

    // ---- output

    static String format(ArrayValue array, TextContext ctx) {
        if (array.size() == 0) {
            return "{}";
        }
        StringBuilder out = new StringBuilder();
        boolean explicitBounds = false;
        for (int bound : array.lowerBounds()) {
            explicitBounds |= bound != 1;
        }
        if (explicitBounds) {
            for (int i = 0; i < array.dimensionCount(); i++) {
                out.append('[').append(array.lowerBound(i)).append(':')
                        .append(array.lowerBound(i) + array.dimension(i) - 1).append(']');
            }
            out.append('=');
        }
        appendDimension(array, 0, 0, array.size(), ctx, out);
        return out.toString();
    }

    private static void appendDimension(ArrayValue array, int depth, int from, int count, TextContext ctx,
            StringBuilder out) {
        char delimiter = array.elementType().delimiter();
        int length = array.dimension(depth);
        int stride = count / length;
        out.append('{');
        for (int i = 0; i < length; i++) {
            if (i > 0) {
                out.append(delimiter);
            }
            if (depth + 1 < array.dimensionCount()) {
                appendDimension(array, depth + 1, from + i * stride, stride, ctx, out);
            } else {
                Object element = array.get(from + i);
                if (element == null) {
                    out.append("NULL");
                } else {
                    appendQuoted(array.elementType().ops().toText(element, ctx), delimiter, out);
                }
            }
        }
        out.append('}');
    }

    private static void appendQuoted(String text, char delimiter, StringBuilder out) {
        if (!needsQuotes(text, delimiter)) {
            out.append(text);
            return;
        }
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            out.append(c);
        }
        out.append('"');
    }

    private static boolean needsQuotes(String text, char delimiter) {
        if (text.isEmpty() || text.equalsIgnoreCase("NULL")) {
            return true;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\' || c == '{' || c == '}' || c == delimiter || IntegerText.isSpace(c)) {
                return true;
            }
        }
        return false;
    }

    static String formatVector(ArrayValue vector) {
        StringBuilder out = new StringBuilder();
        for (Object element : vector.elements()) {
            out.append(out.isEmpty() ? "" : " ").append(element);
        }
        return out.toString();
    }

    /** Numbers separated by blanks; subscripts of vectors start at 0. */
    static ArrayValue parseVector(String text, PgType element) {
        String trimmed = IntegerText.trim(text);
        if (trimmed.isEmpty()) {
            return new ArrayValue(element, new int[] {0}, new int[] {0}, new Object[0]);
        }
        String[] words = trimmed.split("[ \\t\\n\\r\\x0B\\f]+");
        Object[] elements = new Object[words.length];
        for (int i = 0; i < words.length; i++) {
            elements[i] = element.ops().fromText(words[i], -1, TextContext.DEFAULT);
        }
        return new ArrayValue(element, new int[] {words.length}, new int[] {0}, elements);
    }

    // ---- input

    static ArrayValue parse(String text, PgType element, int typmod, TextContext ctx) {
        return new Parser(text, element, typmod, ctx).parse();
    }

    /** One pass over the text; nesting depth tells the dimension. */
    private static final class Parser {
        private final String text;
        private final PgType element;
        private final int typmod;
        private final TextContext ctx;
        private final List<Object> elements = new ArrayList<>();
        private final int[] lengths = new int[ArrayValue.MAX_DIMENSIONS];
        private int dimensionCount = -1;
        private int at;

        Parser(String text, PgType element, int typmod, TextContext ctx) {
            this.text = text;
            this.element = element;
            this.typmod = typmod;
            this.ctx = ctx;
            Arrays.fill(lengths, -1);
        }

        ArrayValue parse() {
            List<int[]> bounds = parseBounds();
            if (at >= text.length() || text.charAt(at) != '{') {
                throw malformed(bounds.isEmpty() ? "Array value must start with \"{\" or dimension information."
                        : "Array contents must start with \"{\".");
            }
            int depth = parseBraces(0);
            skipSpaces();
            if (at < text.length()) {
                throw malformed("Junk after closing right brace.");
            }
            if (!bounds.isEmpty() && bounds.size() != depth) {
                throw malformed("Specified array dimensions do not match array contents.");
            }
            if (elements.isEmpty()) {
                return ArrayValue.empty(element);
            }
            int[] dimensions = Arrays.copyOf(lengths, depth);
            int[] lowerBounds = new int[depth];
            Arrays.fill(lowerBounds, 1);
            for (int i = 0; i < bounds.size(); i++) {
                lowerBounds[i] = bounds.get(i)[0];
                if (bounds.get(i)[1] - bounds.get(i)[0] + 1 != dimensions[i]) {
                    throw malformed("Specified array dimensions do not match array contents.");
                }
            }
            ArrayOps.checkedSize(dimensions);
            return new ArrayValue(element, dimensions, lowerBounds, elements.toArray());
        }

        /** Reads {@code [2:3][1:4]=}; the result is empty if there is none. */
        private List<int[]> parseBounds() {
            List<int[]> bounds = new ArrayList<>();
            while (true) {
                skipSpaces();
                if (at >= text.length() || text.charAt(at) != '[') {
                    break;
                }
                at++;
                if (bounds.size() >= ArrayValue.MAX_DIMENSIONS) {
                    throw ArrayOps.tooManyDimensions(bounds.size() + 1);
                }
                int lower = 1;
                int upper = readBound();
                if (at < text.length() && text.charAt(at) == ':') {
                    at++;
                    lower = upper;
                    upper = readBound();
                }
                if (at >= text.length() || text.charAt(at) != ']') {
                    throw malformed("Missing \"]\" after array dimensions.");
                }
                at++;
                if (upper < lower) {
                    throw new SqlException(SqlState.ARRAY_SUBSCRIPT_ERROR,
                            "upper bound cannot be less than lower bound");
                }
                bounds.add(new int[] {lower, upper});
            }
            if (!bounds.isEmpty()) {
                if (at >= text.length() || text.charAt(at) != '=') {
                    throw malformed("Missing \"=\" after array dimensions.");
                }
                at++;
                skipSpaces();
            }
            return bounds;
        }

        private int readBound() {
            int start = at;
            if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
                at++;
            }
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                at++;
            }
            try {
                return Integer.parseInt(text, start, at, 10);
            } catch (NumberFormatException e) {
                throw malformed("\"[\" must introduce explicitly-specified array dimensions.");
            }
        }

        /** Parses from an opening brace at {@code depth}; returns the number of dimensions from the top. */
        private int parseBraces(int depth) {
            if (depth >= ArrayValue.MAX_DIMENSIONS) {
                throw ArrayOps.tooManyDimensions(depth + 1);
            }
            at++;
            int count = 0;
            int deepest = depth + 1;
            skipSpaces();
            boolean empty = at < text.length() && text.charAt(at) == '}';
            if (empty && depth > 0) {
                throw malformed("Unexpected \"}\" character.");
            }
            while (!empty) {
                skipSpaces();
                if (at >= text.length()) {
                    throw malformed("Unexpected end of input.");
                }
                if (text.charAt(at) == '{') {
                    if (dimensionCount >= 0 && depth + 1 >= dimensionCount) {
                        throw malformed("Unexpected \"{\" character.");
                    }
                    deepest = parseBraces(depth + 1);
                } else {
                    if (dimensionCount >= 0 && dimensionCount != depth + 1) {
                        throw malformed("Unexpected array element.");
                    }
                    dimensionCount = depth + 1;
                    elements.add(parseElement());
                }
                count++;
                skipSpaces();
                if (at >= text.length()) {
                    throw malformed("Unexpected end of input.");
                }
                char c = text.charAt(at);
                if (c == '}') {
                    break;
                }
                if (c != element.delimiter()) {
                    throw malformed(c == '{' ? "Unexpected \"{\" character." : "Unexpected array element.");
                }
                at++;
            }
            at++;
            if (lengths[depth] < 0) {
                lengths[depth] = count;
            } else if (lengths[depth] != count) {
                throw malformed("Multidimensional arrays must have sub-arrays with matching dimensions.");
            }
            return Math.max(deepest, Math.max(dimensionCount, depth + 1));
        }

        private Object parseElement() {
            char first = text.charAt(at);
            if (first == element.delimiter() || first == '}') {
                throw malformed("Unexpected \"" + first + "\" character.");
            }
            StringBuilder word = new StringBuilder();
            boolean quoted = first == '"';
            int keep = 0; // blanks before this length belong to the element
            if (quoted) {
                at++;
                readQuoted(word);
            } else {
                boolean escaped = false;
                while (at < text.length()) {
                    char c = text.charAt(at);
                    if (c == element.delimiter() || c == '}' || c == '{' || c == '"') {
                        break;
                    }
                    if (c == '\\') {
                        at++;
                        if (at >= text.length()) {
                            throw malformed("Unexpected end of input.");
                        }
                        escaped = true;
                        word.append(text.charAt(at++));
                        keep = word.length();
                        continue;
                    }
                    word.append(c);
                    keep = IntegerText.isSpace(c) ? keep : word.length();
                    at++;
                }
                word.setLength(keep);
                if (at < text.length() && (text.charAt(at) == '{' || text.charAt(at) == '"')) {
                    throw malformed(text.charAt(at) == '"' ? "Unexpected array element."
                            : "Unexpected \"{\" character.");
                }
                if (!escaped && word.toString().equalsIgnoreCase("NULL")) {
                    return null;
                }
            }
            return element.ops().fromText(word.toString(), typmod, ctx);
        }

        private void readQuoted(StringBuilder word) {
            while (true) {
                if (at >= text.length()) {
                    throw malformed("Unexpected end of input.");
                }
                char c = text.charAt(at++);
                if (c == '"') {
                    return;
                }
                if (c == '\\') {
                    if (at >= text.length()) {
                        throw malformed("Unexpected end of input.");
                    }
                    c = text.charAt(at++);
                }
                word.append(c);
            }
        }

        private void skipSpaces() {
            while (at < text.length() && IntegerText.isSpace(text.charAt(at))) {
                at++;
            }
        }

        private SqlException malformed(String detail) {
            return new SqlException(SqlState.INVALID_TEXT_REPRESENTATION,
                    "malformed array literal: \"" + text + "\"").withDetail(detail);
        }
    }
}
