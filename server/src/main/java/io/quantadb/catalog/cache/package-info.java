/** Descriptors loaded from catalog rows, kept until a committed change concerns them, and the reader over them. */
package io.quantadb.catalog.cache;
