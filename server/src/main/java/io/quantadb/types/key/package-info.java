/** Order-preserving byte encoding of values for index keys. */
package io.quantadb.types.key;
