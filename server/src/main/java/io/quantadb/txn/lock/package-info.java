/** Transactional locks: tables, rows, transactions' ends, advisory; queues and deadlock detection. */
package io.quantadb.txn.lock;
