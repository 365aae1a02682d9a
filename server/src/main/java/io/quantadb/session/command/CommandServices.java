package io.quantadb.session.command;

import io.quantadb.storage.buffer.StorageChanges;

/**
 * What commands need of the server beside what every session has. Immutable; safe for use by many threads.
 *
 * @param storage creates and deletes files
 */
public record CommandServices(StorageChanges storage) {
}
