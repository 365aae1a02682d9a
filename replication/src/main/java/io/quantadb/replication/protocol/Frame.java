package io.quantadb.replication.protocol;

/**
 * A message as it travels.
 *
 * @param epoch the sender's
 */
public record Frame(long epoch, Message message) {
}
