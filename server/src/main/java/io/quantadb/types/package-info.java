/**
 * SQL values: Java representation, text and binary form, stored form, comparison. See README.md in this directory.
 */
package io.quantadb.types;
