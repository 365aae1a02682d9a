/**
 * Composition root: reads the configuration, opens storage, recovers, starts the listeners, stops in reverse order.
 * Nobody imports it.
 */
package io.quantadb.main;
