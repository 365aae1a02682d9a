/**
 * Utility commands: DDL, COPY, upkeep, privileges; and the run-time side of constraints and sequences. One class for a family of
 * commands, reached through {@link io.quantadb.session.command.Commands}. See README.md.
 */
package io.quantadb.session.command;
