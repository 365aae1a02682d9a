package io.quantadb.catalog.cache;

import java.util.List;

/**
 * What unqualified names mean: the setting, and what it is resolved against.
 *
 * @param names the elements of {@code search_path}; {@code $user} stands for the role's own schema
 * @param currentUser for {@code $user}
 * @param temporarySchema oid of this session's temporary schema, 0 if it has none yet
 */
public record SearchPath(List<String> names, String currentUser, int temporarySchema) {
    /** The setting's default. */
    public static final SearchPath DEFAULT = new SearchPath(List.of("$user", "public"), "quantadb", 0);
}
