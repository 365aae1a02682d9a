/** Snapshots: an LSN plus the reader's own transaction, and the registry of those in use. */
package io.quantadb.txn.snapshot;
