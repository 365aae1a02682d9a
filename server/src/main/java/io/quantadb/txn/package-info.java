/** Transactions: xids, commit order, commit status, visibility of row versions. */
package io.quantadb.txn;
