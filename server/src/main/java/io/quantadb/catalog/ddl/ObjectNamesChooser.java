package io.quantadb.catalog.ddl;

import java.nio.charset.StandardCharsets;

/**
 * Makes names like {@code table_column_suffix} that fit into 63 bytes, shortening the longer of the first two parts.
 */
final class ObjectNamesChooser {
    private static final int NAME_BYTES_MAX = 63;

    private ObjectNamesChooser() {
    }

    /** @param middle may be empty: then it and its underscore are left out; likewise {@code suffix} */
    static String make(String first, String middle, String suffix) {
        int overhead = (middle.isEmpty() ? 0 : 1) + (suffix.isEmpty() ? 0 : 1 + bytes(suffix));
        String one = first;
        String two = middle;
        while (bytes(one) + bytes(two) + overhead > NAME_BYTES_MAX) {
            if (bytes(one) > bytes(two)) {
                one = one.substring(0, one.offsetByCodePoints(one.length(), -1));
            } else {
                two = two.substring(0, two.offsetByCodePoints(two.length(), -1));
            }
        }
        return one + (middle.isEmpty() ? "" : "_" + two) + (suffix.isEmpty() ? "" : "_" + suffix);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
