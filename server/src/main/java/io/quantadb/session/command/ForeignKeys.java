package io.quantadb.session.command;

import io.quantadb.catalog.ConstraintDescriptor;
import io.quantadb.executor.RowEvents;
import io.quantadb.session.Session;
import io.quantadb.session.StatementExecution;

final class ForeignKeys implements RowEvents, StatementExecution.DeferredWork {
    ForeignKeys(Session session, CommandServices services, SessionState state) {
    }
    void validate(CommandContext context, ConstraintDescriptor constraint) {
    }
}
