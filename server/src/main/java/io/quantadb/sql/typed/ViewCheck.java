package io.quantadb.sql.typed;

/**
 * WITH CHECK OPTION of a view that an INSERT or UPDATE goes through.
 *
 * @param viewName  for the message
 * @param condition over the result relation: what a new row must satisfy
 */
public record ViewCheck(String viewName, Expr condition) {
}
