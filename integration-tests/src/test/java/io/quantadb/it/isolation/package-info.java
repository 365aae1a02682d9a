/** Scripts of several sessions that show which anomalies an isolation level lets through. */
package io.quantadb.it.isolation;
