package io.quantadb.catalog.bootstrap;

import java.util.Map;

/** The definitions of the system views, by the oid of the view. */
final class SystemViews {
    private SystemViews() {
    }

    static Map<Integer, String> definitions() {
        return Map.of();
    }
}
