/**
 * B-tree indexes over byte-string keys: search, insertion, splits, bulk loading, vacuum and redo. See the README
 * beside this file.
 */
package io.quantadb.access.btree;
