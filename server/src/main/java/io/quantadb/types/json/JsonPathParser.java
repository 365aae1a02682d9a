package io.quantadb.types.json;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.types.Numeric;
import io.quantadb.types.json.JsonPath.Item;
import io.quantadb.types.json.JsonPath.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads the text of a jsonpath. Confined to one call. */
final class JsonPathParser {
    private static final String SPECIAL = "?%$.[]{}()|&!=<>@#,*:-+/ \t\n\r\f\"";
    private static final Set<String> METHODS = Set.of("abs", "size", "type", "floor", "double", "ceiling", "keyvalue");
    private static final List<String> OPERATORS = List.of("&&", "||", "==", "!=", "<>", "<=", ">=", "**");

    /** @param type w word, s string, v variable, n number, o operator or punctuation, e end */
    private record Token(char type, String text, String source) {
    }

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int subscriptDepth;
    private int filterDepth;

    JsonPathParser(String text) {
        this.text = text;
    }

    JsonPath parse() {
        tokenize();
        if (tokens.size() == 1) {
            throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION,
                    "invalid input syntax for type jsonpath: \"" + text
                    + "\"");
        }
        boolean lax = true;
        if (atWord("strict") || atWord("lax")) {
            lax = next().text().equalsIgnoreCase("lax");
        }
        Item root = or();
        if (peek().type() != 'e') {
            throw syntax();
        }
        return new JsonPath(lax, root);
    }

    // ---- Tokens

    private static SqlException error(String message) {
        return new SqlException(SqlState.SYNTAX_ERROR, message);
    }

    private static SqlException errorAt(String what, String near) {
        return error(near.isEmpty() ? what + " at end of jsonpath input"
                : what + " at or near \"" + near + "\" of jsonpath input");
    }

    private SqlException syntax() {
        // The scanner of PostgreSQL has read one token ahead: after a word that is the last one, it is at the end.
        return errorAt("syntax error", peek().type() == 'w' && at == tokens.size() - 2 ? "" : peek().source());
    }

    private void tokenize() {
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            int start = i;
            if (Character.isWhitespace(c)) {
                i++;
            } else if (text.startsWith("/*", i)) {
                int end = text.indexOf("*/", i + 2);
                if (end < 0) {
                    throw errorAt("unexpected end of comment", "");
                }
                i = end + 2;
            } else if (c == '"') {
                i = quoted(i + 1, 's', start);
            } else if (c == '$' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                i = quoted(i + 2, 'v', start);
            } else if (c == '$' && i + 1 < text.length() && SPECIAL.indexOf(text.charAt(i + 1)) < 0) {
                int end = wordEnd(i + 1);
                tokens.add(new Token('v', text.substring(i + 1, end), text.substring(start, end)));
                i = end;
            } else if (Character.isDigit(c) || c == '.' && i + 1 < text.length() && Character.isDigit(text.charAt(i
                    + 1))) {
                i = number(i);
            } else if (SPECIAL.indexOf(c) < 0) {
                int end = wordEnd(i);
                tokens.add(new Token('w', JsonPathStrings.unescape(text.substring(i, end)), text.substring(start,
                        end)));
                i = end;
            } else {
                int two = i;
                String operator = OPERATORS.stream().filter(o -> text.startsWith(o, two)).findFirst()
                        .orElse(String.valueOf(c));
                tokens.add(new Token('o', operator.equals("<>") ? "!=" : operator, operator));
                i += operator.length();
            }
        }
        tokens.add(new Token('e', "", ""));
    }

    private int wordEnd(int from) {
        int end = from;
        while (end < text.length() && SPECIAL.indexOf(text.charAt(end)) < 0) {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        return Math.min(end, text.length());
    }

    private int quoted(int from, char type, int start) {
        int end = from;
        while (end < text.length() && text.charAt(end) != '"') {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= text.length()) {
            throw errorAt("unexpected end of quoted string", "");
        }
        tokens.add(new Token(type, JsonPathStrings.unescape(text.substring(from, end)), text.substring(start, end
                + 1)));
        return end + 1;
    }

    private int number(int from) {
        int end = from;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        if (end < text.length() && text.charAt(end) == '.') {
            end++;
            while (end < text.length() && Character.isDigit(text.charAt(end))) {
                end++;
            }
        }
        if (end < text.length() && (text.charAt(end) == 'e' || text.charAt(end) == 'E')) {
            int exponent = end + 1;
            if (exponent < text.length() && "+-".indexOf(text.charAt(exponent)) >= 0) {
                exponent++;
            }
            if (exponent < text.length() && Character.isDigit(text.charAt(exponent))) {
                end = exponent;
                while (end < text.length() && Character.isDigit(text.charAt(end))) {
                    end++;
                }
            }
        }
        if (end < text.length() && SPECIAL.indexOf(text.charAt(end)) < 0) {
            throw errorAt("trailing junk after numeric literal", text.substring(from, end + 1));
        }
        tokens.add(new Token('n', text.substring(from, end), text.substring(from, end)));
        return end;
    }

    private Token peek() {
        return tokens.get(at);
    }

    private Token next() {
        return tokens.get(at++);
    }

    private boolean atWord(String word) {
        return peek().type() == 'w' && peek().text().equalsIgnoreCase(word);
    }

    private boolean atSymbol(String symbol) {
        return peek().type() == 'o' && peek().text().equals(symbol);
    }

    private boolean accept(String symbol) {
        boolean found = atSymbol(symbol);
        at += found ? 1 : 0;
        return found;
    }

    private void expect(String symbol) {
        if (!accept(symbol)) {
            throw syntax();
        }
    }

    // ---- Predicates and expressions, loosest binding first

    private Item predicate(Item item) {
        if (!item.kind().isPredicate() || item.next() != null) {
            throw syntax();
        }
        return item;
    }

    private Item expression(Item item) {
        if (item.kind().isPredicate() && item.next() == null) {
            throw syntax();
        }
        return item;
    }

    private Item or() {
        Item left = and();
        while (atSymbol("||")) {
            predicate(left);
            at++;
            left = Item.of(Kind.OR, left, predicate(and()));
        }
        return left;
    }

    private Item and() {
        Item left = comparison();
        while (atSymbol("&&")) {
            predicate(left);
            at++;
            left = Item.of(Kind.AND, left, predicate(comparison()));
        }
        return left;
    }

    private Item comparison() {
        Item left = additive();
        Kind kind = peek().type() != 'o' ? null : switch (peek().text()) {
            case "==" -> Kind.EQUAL;
            case "!=" -> Kind.NOT_EQUAL;
            case "<" -> Kind.LESS;
            case "<=" -> Kind.LESS_EQUAL;
            case ">" -> Kind.GREATER;
            case ">=" -> Kind.GREATER_EQUAL;
            default -> null;
        };
        if (kind != null) {
            expression(left);
            at++;
            return Item.of(kind, left, expression(additive()));
        }
        if (atWord("starts")) {
            at++;
            word("with");
            Token initial = next();
            return switch (initial.type()) {
                case 's' -> Item.of(Kind.STARTS_WITH, expression(left), Item.of(Kind.STRING, initial.text()));
                case 'v' -> Item.of(Kind.STARTS_WITH, expression(left), Item.of(Kind.VARIABLE, initial.text()));
                default -> {
                    at--;
                    throw syntax();
                }
            };
        }
        return atWord("like_regex") ? like(expression(left)) : left;
    }

    private void word(String word) {
        if (!atWord(word)) {
            throw syntax();
        }
        at++;
    }

    private String string() {
        if (peek().type() != 's') {
            throw syntax();
        }
        return next().text();
    }

    private Item like(Item left) {
        at++;
        String regex = string();
        String flags = "";
        if (atWord("flag")) {
            at++;
            flags = string();
        }
        for (int i = 0; i < flags.length(); i++) {
            if ("ismxq".indexOf(flags.charAt(i)) < 0) {
                throw error("invalid input syntax for type jsonpath").withDetail("Unrecognized flag character \""
                        + flags.charAt(i) + "\" in LIKE_REGEX predicate.");
            }
        }
        if (flags.indexOf('x') >= 0 && flags.indexOf('q') < 0) {
            throw SqlException.notSupported("XQuery \"x\" flag (expanded regular expressions) is not implemented");
        }
        return new Item(Kind.LIKE_REGEX, new JsonPath.Pattern(regex, flags), left, null, null);
    }

    private Item additive() {
        Item left = multiplicative();
        while (atSymbol("+") || atSymbol("-")) {
            Kind kind = next().text().equals("+") ? Kind.ADD : Kind.SUBTRACT;
            left = Item.of(kind, expression(left), expression(multiplicative()));
        }
        return left;
    }

    private Item multiplicative() {
        Item left = unary();
        while (atSymbol("*") || atSymbol("/") || atSymbol("%")) {
            Kind kind = switch (next().text()) {
                case "*" -> Kind.MULTIPLY;
                case "/" -> Kind.DIVIDE;
                default -> Kind.MODULO;
            };
            left = Item.of(kind, expression(left), expression(unary()));
        }
        return left;
    }

    private Item unary() {
        if (accept("+")) {
            Item operand = expression(unary());
            return operand.kind() == Kind.NUMBER && operand.next() == null ? operand : Item.of(Kind.PLUS, operand,
                    null);
        }
        if (accept("-")) {
            Item operand = expression(unary());
            return operand.kind() == Kind.NUMBER && operand.next() == null
                    ? Item.of(Kind.NUMBER, ((Numeric) operand.value()).negate()) : Item.of(Kind.MINUS, operand, null);
        }
        if (accept("!")) {
            Item operand = primary();
            boolean delimited = operand.kind() == Kind.EXISTS || tokens.get(at - 1).text().equals(")");
            if (!delimited) {
                throw syntax();
            }
            return Item.of(Kind.NOT, predicate(operand), null);
        }
        return accessors(primary());
    }

    private Item primary() {
        Token token = next();
        switch (token.type()) {
            case 's' -> {
                return Item.of(Kind.STRING, token.text());
            }
            case 'n' -> {
                return Item.of(Kind.NUMBER, Numeric.parse(token.text()));
            }
            case 'v' -> {
                return Item.of(Kind.VARIABLE, token.text());
            }
            case 'w' -> {
                return named(token);
            }
            case 'o' -> {
                if (token.text().equals("$")) {
                    return Item.of(Kind.ROOT, (Object) null);
                }
                if (token.text().equals("@")) {
                    if (filterDepth == 0) {
                        throw error("@ is not allowed in root expressions");
                    }
                    return Item.of(Kind.CURRENT, (Object) null);
                }
                if (token.text().equals("(")) {
                    return parenthesized();
                }
            }
            default -> {
                // No item begins like this.
            }
        }
        at--;
        throw syntax();
    }

    private Item named(Token token) {
        switch (token.text()) {
            case "null" -> {
                return Item.of(Kind.NULL, (Object) null);
            }
            case "true", "false" -> {
                return Item.of(Kind.BOOL, (Object) token.text().equals("true"));
            }
            default -> {
                // Other words are not case-sensitive.
            }
        }
        switch (token.text().toLowerCase(Locale.ROOT)) {
            case "last" -> {
                if (subscriptDepth == 0) {
                    throw error("LAST is allowed only in array subscripts");
                }
                return Item.of(Kind.LAST, (Object) null);
            }
            case "exists" -> {
                expect("(");
                Item operand = expression(or());
                expect(")");
                return Item.of(Kind.EXISTS, operand, null);
            }
            default -> {
                at--;
                throw syntax();
            }
        }
    }

    private Item parenthesized() {
        Item inner = or();
        expect(")");
        if (atWord("is") && inner.kind().isPredicate()) {
            at++;
            word("unknown");
            return Item.of(Kind.IS_UNKNOWN, inner, null);
        }
        return inner;
    }

    // ---- Accessors

    private Item accessors(Item start) {
        Item item = start;
        while (true) {
            if (accept(".")) {
                item = item.then(member());
            } else if (atSymbol("[")) {
                item = item.then(arrayAccessor());
            } else if (accept("?")) {
                expect("(");
                filterDepth++;
                Item condition = predicate(or());
                filterDepth--;
                expect(")");
                item = item.then(new Item(Kind.FILTER, null, condition, null, null));
            } else {
                return item;
            }
        }
    }

    private Item member() {
        if (accept("*")) {
            return Item.of(Kind.ANY_KEY, (Object) null);
        }
        if (accept("**")) {
            return Item.of(Kind.ANY, levels());
        }
        Token token = next();
        if (token.type() == 's') {
            return Item.of(Kind.KEY, token.text());
        }
        if (token.type() != 'w') {
            at--;
            throw syntax();
        }
        String lower = token.text().toLowerCase(Locale.ROOT);
        if (atSymbol("(") && METHODS.contains(lower)) {
            at++;
            expect(")");
            return Item.of(Kind.METHOD, lower);
        }
        if (atSymbol("(") && lower.equals("datetime")) {
            at++;
            Item template = peek().type() == 's' ? Item.of(Kind.STRING, next().text()) : null;
            expect(")");
            return new Item(Kind.DATETIME, null, template, null, null);
        }
        return Item.of(Kind.KEY, token.text());
    }

    private JsonPath.Levels levels() {
        if (!accept("{")) {
            return new JsonPath.Levels(0, JsonPath.Levels.LAST);
        }
        long first = level();
        long last = first;
        if (atWord("to")) {
            at++;
            last = level();
        }
        expect("}");
        return new JsonPath.Levels(first, last);
    }

    private long level() {
        if (atWord("last")) {
            at++;
            return JsonPath.Levels.LAST;
        }
        if (peek().type() != 'n') {
            throw syntax();
        }
        return Numeric.parse(next().text()).toInt4();
    }

    private Item arrayAccessor() {
        expect("[");
        if (atSymbol("*") && tokens.get(at + 1).text().equals("]")) {
            at += 2;
            return Item.of(Kind.ANY_ARRAY, (Object) null);
        }
        List<JsonPath.Subscript> subscripts = new ArrayList<>();
        subscriptDepth++;
        do {
            Item from = expression(additive());
            Item to = null;
            if (atWord("to")) {
                at++;
                to = expression(additive());
            }
            subscripts.add(new JsonPath.Subscript(from, to));
        } while (accept(","));
        subscriptDepth--;
        expect("]");
        return Item.of(Kind.INDEX, List.copyOf(subscripts));
    }
}
