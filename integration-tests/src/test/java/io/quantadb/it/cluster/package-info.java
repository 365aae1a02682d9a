/** Several nodes as processes, faults between and in them, and what clients must and must not see meanwhile. */
package io.quantadb.it.cluster;
