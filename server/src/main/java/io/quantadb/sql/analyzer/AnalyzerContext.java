package io.quantadb.sql.analyzer;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.types.TextContext;
import java.util.List;

/**
 * What analysing one statement needs from outside.
 *
 * @param catalog         the catalog as this statement sees it
 * @param text            session settings for reading literals
 * @param roleOid         the current user, for views' and defaults' privileges
 * @param parameterTypes  oids of $1, $2 ... as given by the client, 0 (or 705) where it left them open; may be empty
 * @param inferParameters whether further or open parameters are inferred from context; if false, a parameter beyond
 *                        {@code parameterTypes} is 42P02
 * @param function        the SQL function this is the body of, whose arguments have names; null if it is none
 */
public record AnalyzerContext(CatalogReader catalog, TextContext text, int roleOid, int[] parameterTypes,
                              boolean inferParameters, FunctionNames function) {
    private static final int[] NO_TYPES = {};

    /**
     * Names a function's body may use.
     *
     * @param argumentNames of $1, $2...; "" where one has no name
     */
    public record FunctionNames(String functionName, List<String> argumentNames) {
    }

    public AnalyzerContext(CatalogReader catalog, TextContext text, int roleOid, int[] parameterTypes,
                           boolean inferParameters) {
        this(catalog, text, roleOid, parameterTypes, inferParameters, null);
    }

    /** A statement without parameters. */
    public static AnalyzerContext of(CatalogReader catalog, TextContext text, int roleOid) {
        return new AnalyzerContext(catalog, text, roleOid, NO_TYPES, false);
    }
}
