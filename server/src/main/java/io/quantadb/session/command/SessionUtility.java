package io.quantadb.session.command;

import io.quantadb.catalog.Privilege;
import io.quantadb.catalog.Privileges;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.FromItem;
import io.quantadb.sql.ast.SessionStatement;
import io.quantadb.txn.lock.LockMode;
import io.quantadb.txn.lock.WaitPolicy;

/** Commands of the session family that touch shared state: LOCK, SET CONSTRAINTS, LISTEN. Confined to one command. */
final class SessionUtility {
    private final CommandContext context;
    private final Notifications notifications;

    SessionUtility(CommandContext context, Notifications notifications) {
        this.context = context;
        this.notifications = notifications;
    }

    String run(SessionStatement statement) {
        return switch (statement) {
            case SessionStatement.LockTable lock -> lock(lock);
            case SessionStatement.SetConstraints set -> {
                context.state.foreignKeys.setConstraints(set);
                yield "SET CONSTRAINTS";
            }
            case SessionStatement.Listen listen -> {
                notifications.listen(context, listen.channel());
                yield "LISTEN";
            }
            case SessionStatement.Unlisten unlisten -> {
                notifications.unlisten(context, unlisten.channel());
                yield "UNLISTEN";
            }
            case SessionStatement.Notify notify -> {
                notifications.notify(context, notify.channel(), notify.payload() == null ? "" : notify.payload());
                yield "NOTIFY";
            }
            case SessionStatement.AlterSystem s -> throw SqlException.notSupported(
                    "ALTER SYSTEM is not supported: change the configuration file");
            case SessionStatement.Load s -> throw SqlException.notSupported("LOAD is not supported");
            case SessionStatement.SetTransactionSnapshot s ->
                throw SqlException.notSupported("importing snapshots is not supported");
            default -> throw SqlException.notSupported("this command is not supported");
        };
    }

    private String lock(SessionStatement.LockTable lock) {
        if (!context.session.inTransactionBlock()) {
            throw new SqlException(SqlState.NO_ACTIVE_SQL_TRANSACTION, "LOCK TABLE can only be used in transaction blocks");
        }
        LockMode mode = LockMode.values()[lock.mode().ordinal()];
        for (FromItem.TableRef table : lock.tables()) {
            RelationDescriptor relation = context.lookup(table.name());
            if (relation == null) {
                throw context.noRelation(table.name());
            }
            if (relation.kind() != RelationKind.TABLE && relation.kind() != RelationKind.VIEW) {
                throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + relation.name() + "\" is not a table or view");
            }
            require(relation, mode);
            context.findAndLock(table.name(), mode, lock.nowait() ? WaitPolicy.NOWAIT : WaitPolicy.BLOCK);
        }
        return "LOCK TABLE";
    }

    private void require(RelationDescriptor relation, LockMode mode) {
        int any = Privilege.UPDATE.bit() | Privilege.DELETE.bit() | Privilege.TRUNCATE.bit();
        if (mode == LockMode.ACCESS_SHARE) {
            any |= Privilege.SELECT.bit();
        }
        if (mode == LockMode.ROW_EXCLUSIVE) {
            any |= Privilege.INSERT.bit();
        }
        if (Privileges.onRelation(context.catalog(), context.roleOid(), relation, any) == 0) {
            throw CommandContext.denied(relation.kind().noun(), relation.name());
        }
    }
}
