package io.quantadb.sql.parser;

/** One token; mutable and reused by {@link TokenStream}. A single-character token's type is the character itself. */
final class Token {
    static final int EOF = 0;
    static final int IDENT = 256;
    static final int KEYWORD = 257;
    /** Digits only, and the value fits an int4; larger ones are DECIMAL. */
    static final int INTEGER = 258;
    static final int DECIMAL = 259;
    static final int STRING = 260;
    static final int BIT_STRING = 261;
    static final int HEX_STRING = 262;
    static final int PARAMETER = 263;
    /** Any operator that has no type of its own; its characters are in {@code text}. */
    static final int OPERATOR = 264;
    static final int TYPECAST = 265;
    static final int DOT_DOT = 266;
    static final int COLON_EQUALS = 267;
    static final int EQUALS_GREATER = 268;
    static final int LESS_EQUALS = 269;
    static final int GREATER_EQUALS = 270;
    static final int NOT_EQUALS = 271;

    int type;
    /** Only for KEYWORD. */
    Keyword keyword;
    /** Folded name, decoded string, digits or operator; null for single characters. */
    String text;
    /** Half-open range in the source. */
    int start;
    int end;
    /** Only for INTEGER and PARAMETER. */
    int value;

    boolean is(Keyword k) {
        return keyword == k;
    }
}
