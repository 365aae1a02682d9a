/** What all storage packages share: the failure of the environment below them. */
package io.quantadb.storage;
