package io.quantadb.session.command;

import io.quantadb.session.UtilityCommands.Allowance;
import io.quantadb.sql.ast.AccessStatement;
import io.quantadb.sql.ast.DataStatement;
import io.quantadb.sql.ast.MaintenanceStatement;
import io.quantadb.sql.ast.ObjectStatement;
import io.quantadb.sql.ast.Query;
import io.quantadb.sql.ast.RoutineStatement;
import io.quantadb.sql.ast.SchemaStatement;
import io.quantadb.sql.ast.SessionStatement;
import io.quantadb.sql.ast.Statement;
import io.quantadb.sql.ast.TableStatement;
import io.quantadb.sql.ast.TransactionStatement;
import java.util.Locale;

/**
 * Which utility commands may run in a read-only transaction, and what refusals call them: their command tags. Stateless.
 */
final class ReadOnlyCommands {
    private ReadOnlyCommands() {
    }

    static Allowance allowance(Statement statement) {
        return switch (statement) {
            case MaintenanceStatement.Explain _, MaintenanceStatement.Checkpoint _ -> Allowance.ALWAYS;
            case MaintenanceStatement.Vacuum _, MaintenanceStatement.Reindex _, MaintenanceStatement.Cluster _ ->
                Allowance.NOT_IN_RECOVERY;
            case SessionStatement.Listen _, SessionStatement.Notify _ -> Allowance.NOT_IN_RECOVERY;
            case SessionStatement.LockTable lock -> lock.mode() == null
                || lock.mode().compareTo(SessionStatement.LockMode.ROW_EXCLUSIVE) > 0
                ? Allowance.NOT_IN_RECOVERY : Allowance.ALWAYS;
            // COPY FROM looks at its table itself, which may be a temporary one.
            case DataStatement.Copy copy -> copy.from() ? Allowance.NOT_IN_RECOVERY : Allowance.ALWAYS;
            case SessionStatement _ -> Allowance.ALWAYS;
            case RoutineStatement.Do _, RoutineStatement.Call _ -> Allowance.ALWAYS;
            case TransactionStatement _ -> Allowance.ALWAYS;
            case TableStatement _, SchemaStatement _, ObjectStatement _, AccessStatement _, RoutineStatement _ ->
                Allowance.NEVER;
            case DataStatement _, Query _ -> Allowance.NEVER;
        };
    }

    static String tag(Statement statement) {
        return switch (statement) {
            case MaintenanceStatement.Vacuum vacuum -> vacuum.vacuum() ? "VACUUM" : "ANALYZE";
            case MaintenanceStatement.Explain _ -> "EXPLAIN";
            case MaintenanceStatement maintenance -> words(maintenance);
            case TableStatement.CreateTableAs create ->
                create.materializedView() ? "CREATE MATERIALIZED VIEW" : "CREATE TABLE AS";
            case TableStatement.AlterTable alter -> "ALTER " + alter.kind().sql();
            case TableStatement.AlterTableMoveAll _ -> "ALTER TABLE";
            case ObjectStatement.Drop drop -> "DROP " + drop.kind().sql();
            case ObjectStatement.Rename rename -> "ALTER " + rename.relationKind().sql();
            case ObjectStatement.SetSchema set -> "ALTER " + set.object().kind().sql();
            case ObjectStatement.SetOwner set -> "ALTER " + set.object().kind().sql();
            case ObjectStatement.DependsOnExtension _, ObjectStatement.RefreshVersion _ -> "ALTER";
            case SchemaStatement.CreateEnum _, SchemaStatement.CreateComposite _, SchemaStatement.CreateRange _ ->
                "CREATE TYPE";
            case SchemaStatement.AlterEnumAdd _, SchemaStatement.AlterEnumRename _ -> "ALTER TYPE";
            case SchemaStatement.AlterDatabaseSet _, SchemaStatement.AlterDatabaseRefreshCollation _ -> "ALTER DATABASE";
            case SchemaStatement.AlterExtensionContents _ -> "ALTER EXTENSION";
            case SchemaStatement.Define define -> "CREATE " + define.kind().sql();
            case SchemaStatement.Other other -> other.command();
            case AccessStatement.AlterRoleSet _, AccessStatement.AlterGroupMembers _ -> "ALTER ROLE";
            case AccessStatement.GrantRoles grant -> grant.grant() ? "GRANT ROLE" : "REVOKE ROLE";
            case AccessStatement.GrantPrivileges grant -> grant.grant() ? "GRANT" : "REVOKE";
            case RoutineStatement.CreateFunction create -> create.procedure() ? "CREATE PROCEDURE" : "CREATE FUNCTION";
            case DataStatement.Truncate _ -> "TRUNCATE TABLE";
            case Query _ -> "SELECT INTO";
            default -> words(statement);
        };
    }

    /** {@code CREATE RULE} for the record CreateRule. */
    private static String words(Statement statement) {
        return statement.getClass().getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", " ").toUpperCase(Locale.ROOT);
    }
}
