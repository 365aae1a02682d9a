/**
 * Relation forks as segment files: naming, headers, allocation, the list of files a checkpoint has to sync. Knows no
 * page contents.
 */
package io.quantadb.storage.file;
