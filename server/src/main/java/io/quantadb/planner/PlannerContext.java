package io.quantadb.planner;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.function.FunctionContext;
import io.quantadb.function.FunctionRegistry;
import io.quantadb.planner.cost.PlannerSettings;
import io.quantadb.types.TextContext;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What planning one statement needs from outside. Confined to the planning thread.
 *
 * @param catalog          the catalog as this statement sees it
 * @param settings         cost constants, enable_ flags, memory limits
 * @param text             session settings for reading literals in stored expressions
 * @param roleOid          current user
 * @param pages            current size of a relation's main fork in pages; negative if unknown
 * @param functions        for constant folding; null to fold nothing
 * @param functionContext  for constant folding; null to fold nothing
 * @param parameterValues  values of $1, $2 ... for a custom plan; null for a generic plan
 */
public record PlannerContext(CatalogReader catalog, PlannerSettings settings, TextContext text, int roleOid,
        ToLongFunction<RelationDescriptor> pages, FunctionRegistry functions, FunctionContext functionContext,
        List<Object> parameterValues) {
    /** Default settings, sizes from the catalog, nothing folded. */
    public static PlannerContext of(CatalogReader catalog, TextContext text, int roleOid) {
        return new PlannerContext(catalog, PlannerSettings.DEFAULT, text, roleOid, relation -> -1, null, null, null);
    }
}
