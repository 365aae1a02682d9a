package io.quantadb.sql.ast;

import java.util.List;

/** A subcommand of ALTER TABLE. RENAME, SET SCHEMA and OWNER TO have statements of their own. */
public sealed interface AlterTableAction extends Node {

    record AddColumn(boolean ifNotExists, ColumnDefinition column, int position) implements AlterTableAction {
    }

    record DropColumn(String column, boolean ifExists, boolean cascade, int position) implements AlterTableAction {
    }

    /** @param using null if not written */
    record AlterType(String column, TypeName type, QualifiedName collation, Expression using, boolean cascade,
                     int position) implements AlterTableAction {
    }

    record SetDefault(String column, Expression value, String text, int position) implements AlterTableAction {
    }

    record DropDefault(String column, int position) implements AlterTableAction {
    }

    record SetNotNull(String column, int position) implements AlterTableAction {
    }

    record DropNotNull(String column, int position) implements AlterTableAction {
    }

    record DropExpression(String column, boolean ifExists, int position) implements AlterTableAction {
    }

    /** {@code column} null: by {@code number} (of an index). */
    record SetStatistics(String column, int number, int target, int position) implements AlterTableAction {
    }

    record SetColumnOptions(String column, List<Option> options, boolean reset, int position)
            implements AlterTableAction {
    }

    record SetStorage(String column, String storage, int position) implements AlterTableAction {
    }

    record SetCompression(String column, String method, int position) implements AlterTableAction {
    }

    record AddIdentity(String column, Constraint.Identity identity, int position) implements AlterTableAction {
    }

    /** @param always SET GENERATED ALWAYS or BY DEFAULT; null: unchanged */
    record AlterIdentity(String column, Boolean always, List<SequenceOption> options, int position)
            implements AlterTableAction {
    }

    record DropIdentity(String column, boolean ifExists, int position) implements AlterTableAction {
    }

    record AddConstraint(Constraint constraint, int position) implements AlterTableAction {
    }

    record AlterConstraint(String name, Constraint.Attributes attributes, int position) implements AlterTableAction {
    }

    record ValidateConstraint(String name, int position) implements AlterTableAction {
    }

    record DropConstraint(String name, boolean ifExists, boolean cascade, int position) implements AlterTableAction {
    }

    /** @param target null for ALL and USER */
    record SetTrigger(FiringState state, Scope scope, String target, int position) implements AlterTableAction {
        /** Which triggers are meant. */
        public enum Scope { NAMED, ALL, USER }
    }

    record SetRule(FiringState state, String rule, int position) implements AlterTableAction {
    }

    /** ENABLE, DISABLE and their session_replication_role variants. */
    enum FiringState { ENABLED, ALWAYS, REPLICA, DISABLED }

    /** {@code ENABLE|DISABLE|FORCE|NO FORCE ROW LEVEL SECURITY}. */
    record RowSecurity(Mode mode, int position) implements AlterTableAction {
        /** What changes. */
        public enum Mode { ENABLE, DISABLE, FORCE, NO_FORCE }
    }

    record ClusterOn(String index, int position) implements AlterTableAction {
    }

    record SetWithoutCluster(int position) implements AlterTableAction {
    }

    /** No effect in PostgreSQL 15. */
    record SetWithoutOids(int position) implements AlterTableAction {
    }

    record SetLogged(boolean logged, int position) implements AlterTableAction {
    }

    record SetAccessMethod(String method, int position) implements AlterTableAction {
    }

    record SetTablespace(String tablespace, int position) implements AlterTableAction {
    }

    record SetOptions(List<Option> options, boolean reset, int position) implements AlterTableAction {
    }

    record Inherit(QualifiedName parent, boolean no, int position) implements AlterTableAction {
    }

    record OfType(QualifiedName type, int position) implements AlterTableAction {
    }

    record NotOf(int position) implements AlterTableAction {
    }

    record OwnerTo(Role owner, int position) implements AlterTableAction {
    }

    /** @param index of USING INDEX, else null */
    record ReplicaIdentity(Kind kind, String index, int position) implements AlterTableAction {
        /** What a replica identifies rows by. */
        public enum Kind { DEFAULT, FULL, NOTHING, INDEX }
    }

    /** @param bound null when a partitioned index is attached */
    record AttachPartition(QualifiedName partition, TableStatement.PartitionBound bound, int position)
            implements AlterTableAction {
    }

    record DetachPartition(QualifiedName partition, boolean concurrently, boolean finish, int position)
            implements AlterTableAction {
    }

    /** OPTIONS (...) of a foreign table or its column; {@code column} null: the table. */
    record ForeignOptions(String column, List<Option> options, int position) implements AlterTableAction {
    }
}
