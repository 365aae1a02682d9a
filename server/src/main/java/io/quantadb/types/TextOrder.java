package io.quantadb.types;

/** The order of text: code points, which is also the order of the UTF-8 bytes (collation C.UTF-8). */
public final class TextOrder {
    private TextOrder() {
    }

    /** Code-point order; {@code String.compareTo} differs where a surrogate meets U+E000 to U+FFFF. */
    public static int compare(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                return x >= '\uD800' && y >= '\uD800' ? fixUp(x) - fixUp(y) : x - y;
            }
        }
        return a.length() - b.length();
    }

    /** Moves surrogates above the rest of the plane. */
    private static int fixUp(char c) {
        return c >= '\uE000' ? c - 0x800 : c + 0x2000;
    }
}
