package io.quantadb.session.command;

import io.quantadb.catalog.CatalogErrors;
import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.DatabaseDescriptor;
import io.quantadb.catalog.RoleDescriptor;
import io.quantadb.catalog.cache.TransactionCatalog;
import io.quantadb.catalog.table.HeapCatalogStore;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.session.Session;
import io.quantadb.sql.ast.Option;
import io.quantadb.sql.ast.SchemaStatement;

/** CREATE, ALTER and DROP DATABASE. Confined to one command. */
final class DatabaseCommands {
    private final CommandContext context;

    DatabaseCommands(CommandContext context) {
        this.context = context;
    }

    String create(SchemaStatement.CreateDatabase create) {
        RoleDescriptor owner = context.role();
        if (!owner.superuser() && !owner.createDatabase()) {
            throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to create database");
        }
        String templateName = "template1";
        boolean isTemplate = false;
        boolean allowConnections = true;
        int limit = -1;
        for (Option option : create.options()) {
            switch (option.name()) {
                case "template" -> templateName = StorageOptions.text(option) == null ? "template1" : StorageOptions.text(option);
                case "owner" -> {
                    owner = context.requireRole(StorageOptions.text(option));
                    if (!context.isSuperuser() && !context.catalog().isMemberOf(context.roleOid(), owner.oid())) {
                        throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE,
                                "must be member of role \"" + owner.name() + "\"");
                    }
                }
                case "encoding" -> checkEncoding(StorageOptions.text(option));
                case "is_template" -> isTemplate = StorageOptions.bool(option);
                case "allow_connections" -> allowConnections = StorageOptions.bool(option);
                case "connection_limit" -> limit = Integer.parseInt(StorageOptions.text(option));
                case "tablespace" -> TableCommands.checkPlace(null, StorageOptions.text(option));
                case "lc_collate", "lc_ctype", "locale", "strategy", "oid", "collation_version" -> {
                    // Every database has code-point order and Unicode case mapping.
                }
                case "locale_provider", "icu_locale" -> throw SqlException.notSupported("ICU locales are not supported");
                default -> throw context.error(SqlState.SYNTAX_ERROR, "option \"" + option.name() + "\" not recognized",
                        option.position());
            }
        }
        if (context.catalog().database(create.name()) != null) {
            throw CatalogErrors.databaseExists(create.name());
        }
        DatabaseDescriptor template = context.catalog().database(templateName);
        if (template == null) {
            throw new SqlException(SqlState.INVALID_CATALOG_NAME, "template database \"" + templateName + "\" does not exist");
        }
        if (!template.isTemplate() && !context.owns(template.ownerOid())) {
            throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE,
                    "permission denied to copy database \"" + templateName + "\"");
        }
        requireUnused(template, "source database \"" + templateName + "\" is being accessed by other users");
        int oid = context.writer().shared().createDatabase(new DatabaseDescriptor(0, create.name(), owner.oid(),
                template.encoding(), isTemplate, allowConnections, limit, template.tablespaceOid(), template.collate(),
                template.ctype(), null));
        TransactionCatalog source = template.oid() == context.catalog().databaseOid() ? context.transactionCatalog()
                : new TransactionCatalog(context.session.services().catalogs(), template.oid(), context.transaction());
        context.session.services().bootstrap().copy(context.transaction(), (HeapCatalogStore) source.store(), template.oid(), oid);
        return "CREATE DATABASE";
    }

    private static void checkEncoding(String encoding) {
        String name = encoding == null ? "utf8" : encoding.toLowerCase(java.util.Locale.ROOT).replace("-", "");
        if (!name.equals("utf8") && !name.equals("unicode") && !name.equals("6")) {
            throw SqlException.notSupported("databases with encoding \"" + encoding + "\" are not supported")
                    .withHint("Only UTF8 is.");
        }
    }

    private void requireUnused(DatabaseDescriptor database, String message) {
        int others = 0;
        for (Session session : context.session.services().sessions().all()) {
            if (session != context.session && session.identity().databaseOid() == database.oid()) {
                others++;
            }
        }
        if (others > 0) {
            throw new SqlException(SqlState.OBJECT_IN_USE, message).withDetail(others == 1
                    ? "There is 1 other session using the database."
                    : "There are " + others + " other sessions using the database.");
        }
    }

    String drop(SchemaStatement.DropDatabase drop) {
        DatabaseDescriptor database = context.catalog().database(drop.name());
        if (database == null) {
            if (drop.ifExists()) {
                context.notice("database \"" + drop.name() + "\" does not exist, skipping");
                return "DROP DATABASE";
            }
            throw CatalogErrors.noDatabase(drop.name());
        }
        context.requireOwner(database.ownerOid(), "database " + database.name());
        if (database.isTemplate()) {
            throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot drop a template database");
        }
        if (database.oid() == context.catalog().databaseOid()) {
            throw new SqlException(SqlState.OBJECT_IN_USE, "cannot drop the currently open database");
        }
        if (database.oid() == CatalogIds.DATABASE_TEMPLATE0 || database.oid() == CatalogIds.DATABASE_TEMPLATE1) {
            throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot drop a template database");
        }
        if (drop.options().stream().anyMatch(o -> o.name().equals("force"))) {
            for (Session session : context.session.services().sessions().all()) {
                if (session.identity().databaseOid() == database.oid()) {
                    session.terminate();
                }
            }
            awaitUnused(database);
        }
        requireUnused(database, "database \"" + database.name() + "\" is being accessed by other users");
        context.writer().shared().dropDatabase(database.oid());
        int oid = database.oid();
        context.transaction().onCommit(() -> {
            context.services.storage().dropDatabase(oid, io.quantadb.base.Xid.INVALID);
            context.session.services().catalogs().forget(oid);
        });
        return "DROP DATABASE";
    }

    private void awaitUnused(DatabaseDescriptor database) {
        for (int i = 0; i < 50; i++) {
            boolean used = context.session.services().sessions().all().stream()
                    .anyMatch(s -> s.identity().databaseOid() == database.oid());
            if (!used) {
                return;
            }
            context.checkInterrupts();
            java.util.concurrent.locks.LockSupport.parkNanos(100_000_000L);
        }
    }

    String alter(SchemaStatement.AlterDatabase alter) {
        DatabaseDescriptor d = context.catalog().database(alter.name());
        if (d == null) {
            throw CatalogErrors.noDatabase(alter.name());
        }
        context.requireOwner(d.ownerOid(), "database " + d.name());
        boolean isTemplate = d.isTemplate();
        boolean allow = d.allowConnections();
        int limit = d.connectionLimit();
        for (Option option : alter.options()) {
            switch (option.name()) {
                case "is_template" -> isTemplate = StorageOptions.bool(option);
                case "allow_connections" -> allow = StorageOptions.bool(option);
                case "connection_limit" -> limit = Integer.parseInt(StorageOptions.text(option));
                case "tablespace" -> TableCommands.checkPlace(null, StorageOptions.text(option));
                default -> throw context.error(SqlState.SYNTAX_ERROR, "option \"" + option.name() + "\" not recognized",
                        option.position());
            }
        }
        context.writer().shared().alterDatabase(new DatabaseDescriptor(d.oid(), d.name(), d.ownerOid(), d.encoding(), isTemplate,
                allow, limit, d.tablespaceOid(), d.collate(), d.ctype(), d.acl()));
        return "ALTER DATABASE";
    }
}
