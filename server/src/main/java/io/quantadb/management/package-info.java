/** HTTP on the API port: health and metrics, through narrow interfaces. */
package io.quantadb.management;
