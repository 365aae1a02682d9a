/**
 * The syntax tree: immutable records in sealed families, as the text was written, nothing resolved.
 *
 * <p>Every node carries {@code position}, the offset of its defining token in UTF-16 units of the text, or -1
 * if the parser made it up. Names are already folded and truncated as PostgreSQL does. Lists are never null (absent
 * clauses are empty lists) unless a component's comment gives null a meaning; other absent parts are null.
 */
package io.quantadb.sql.ast;
