/** Logs of what clients did and saw, and checkers that find anomalies in them. Nothing here knows a server. */
package io.quantadb.it.history;
