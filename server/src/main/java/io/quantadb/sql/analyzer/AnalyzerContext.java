package io.quantadb.sql.analyzer;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.types.TextContext;

/**
 * What analysing one statement needs from outside.
 *
 * @param catalog         the catalog as this statement sees it
 * @param text            session settings for reading literals
 * @param roleOid         the current user, for views' and defaults' privileges
 * @param parameterTypes  oids of $1, $2 ... as given by the client, 0 (or 705) where it left them open; may be empty
 * @param inferParameters whether further or open parameters are inferred from context; if false, a parameter beyond
 *                        {@code parameterTypes} is 42P02
 */
public record AnalyzerContext(CatalogReader catalog, TextContext text, int roleOid, int[] parameterTypes,
                              boolean inferParameters) {
    private static final int[] NO_TYPES = {};

    /** A statement without parameters. */
    public static AnalyzerContext of(CatalogReader catalog, TextContext text, int roleOid) {
        return new AnalyzerContext(catalog, text, roleOid, NO_TYPES, false);
    }
}
