/** The SQLSTATE catalogue and the one exception type for errors that a user of SQL can cause and see. */
package io.quantadb.error;
