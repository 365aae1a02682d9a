package io.quantadb.function;

import io.quantadb.types.json.JsonParser;
import io.quantadb.types.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

/** Takes valid JSON text apart without changing its spelling, as type json needs it. */
final class JsonScanner {
    /** A member of an object: its name unescaped, its value as it is written. */
    record Member(String name, String value) {
    }

    private final String text;
    private int at;

    private JsonScanner(String text) {
        this.text = text;
        skipSpaces();
    }

    /** What the text is: <code>{ [ " t f n</code> or a digit or minus. */
    static char kind(String json) {
        JsonScanner scanner = new JsonScanner(json);
        return json.charAt(scanner.at);
    }

    static boolean isObject(String json) {
        return kind(json) == '{';
    }

    static boolean isArray(String json) {
        return kind(json) == '[';
    }

    static boolean isScalar(String json) {
        return !isObject(json) && !isArray(json);
    }

    /** What {@code json_typeof} returns. */
    static String typeName(String json) {
        return switch (kind(json)) {
            case '{' -> "object";
            case '[' -> "array";
            case '"' -> "string";
            case 't', 'f' -> "boolean";
            case 'n' -> "null";
            default -> "number";
        };
    }

    /** Members of an object in their order; names may repeat. */
    static List<Member> members(String json) {
        JsonScanner scanner = new JsonScanner(json);
        List<Member> members = new ArrayList<>();
        scanner.at++;
        scanner.skipSpaces();
        while (scanner.peek() != '}') {
            String name = unescape(scanner.value());
            scanner.skipSpaces();
            scanner.at++; // the colon
            scanner.skipSpaces();
            members.add(new Member(name, scanner.value()));
            scanner.skipSeparator();
        }
        return members;
    }

    /** Elements of an array. */
    static List<String> elements(String json) {
        JsonScanner scanner = new JsonScanner(json);
        List<String> elements = new ArrayList<>();
        scanner.at++;
        scanner.skipSpaces();
        while (scanner.peek() != ']') {
            elements.add(scanner.value());
            scanner.skipSeparator();
        }
        return elements;
    }

    /** The value of a member, the last one if there are several; null if there is none or this is no object. */
    static String member(String json, String name) {
        if (!isObject(json)) {
            return null;
        }
        String found = null;
        for (Member member : members(json)) {
            if (member.name.equals(name)) {
                found = member.value;
            }
        }
        return found;
    }

    /** The element at an index, negative ones from the end; null if there is none or this is no array. */
    static String element(String json, long index) {
        if (!isArray(json)) {
            return null;
        }
        List<String> elements = elements(json);
        long place = index < 0 ? elements.size() + index : index;
        return place < 0 || place >= elements.size() ? null : elements.get((int) place);
    }

    /** The text of a value: strings unescaped, null as SQL's NULL. */
    static String asText(String json) {
        if (json == null) {
            return null;
        }
        return switch (kind(json)) {
            case '"' -> unescape(json);
            case 'n' -> null;
            default -> json;
        };
    }

    private static String unescape(String quoted) {
        String trimmed = quoted.strip();
        return trimmed.indexOf('\\') < 0 ? trimmed.substring(1, trimmed.length() - 1)
                : ((JsonValue.Str) JsonParser.parse(trimmed)).value();
    }

    private char peek() {
        return text.charAt(at);
    }

    private void skipSpaces() {
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
    }

    private void skipSeparator() {
        skipSpaces();
        if (peek() == ',') {
            at++;
            skipSpaces();
        }
    }

    /** Reads over one value and returns its text. */
    private String value() {
        int start = at;
        int depth = 0;
        do {
            char c = text.charAt(at);
            if (c == '"') {
                skipString();
            } else {
                depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
                at++;
                if (depth == 0 && c != '}' && c != ']') {
                    skipWord();
                }
            }
        } while (depth > 0);
        return text.substring(start, at);
    }

    private void skipString() {
        at++;
        while (text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        at++;
    }

    private void skipWord() {
        while (at < text.length() && text.charAt(at) > ' ' && ",:]}".indexOf(text.charAt(at)) < 0) {
            at++;
        }
    }
}
