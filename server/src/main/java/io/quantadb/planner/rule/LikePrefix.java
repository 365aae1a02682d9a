package io.quantadb.planner.rule;

/** The fixed beginning of LIKE patterns. Pure functions. */
public final class LikePrefix {
    private LikePrefix() {
    }

    /** The characters every match begins with; empty if there are none. */
    public static String of(String pattern) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '%' || c == '_') {
                break;
            }
            if (c == '\\') {
                i++;
                if (i == pattern.length()) {
                    break;
                }
                c = pattern.charAt(i);
            }
            result.append(c);
        }
        return result.toString();
    }

    /** The least string, by code points, that is greater than all strings with this prefix; null if there is none. */
    public static String successor(String prefix) {
        int[] points = prefix.codePoints().toArray();
        for (int last = points.length - 1; last >= 0; last--) {
            int next = points[last] + 1;
            if (next == Character.MIN_SURROGATE) {
                next = Character.MAX_SURROGATE + 1;
            }
            if (next <= Character.MAX_CODE_POINT) {
                points[last] = next;
                return new String(points, 0, last + 1);
            }
        }
        return null;
    }
}
