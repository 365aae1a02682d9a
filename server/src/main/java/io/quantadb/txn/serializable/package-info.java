/**
 * Serializable snapshot isolation: what serializable transactions read, who wrote over it, and who must fail for it.
 */
package io.quantadb.txn.serializable;
