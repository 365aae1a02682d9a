/**
 * The operator's command line: online through the management API, offline inspectors that never write what they read.
 */
package io.quantadb.quantactl;
