package io.quantadb.session.command;

import io.quantadb.catalog.CatalogErrors;
import io.quantadb.catalog.Privilege;
import io.quantadb.catalog.Privileges;
import io.quantadb.catalog.RoleDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.SchemaStatement;
import io.quantadb.sql.ast.Statement;

/** CREATE SCHEMA and CREATE EXTENSION. Confined to one command. */
final class SchemaCommands {
    private final CommandContext context;

    SchemaCommands(CommandContext context) {
        this.context = context;
    }

    String create(SchemaStatement.CreateSchema create, Commands commands) {
        RoleDescriptor owner = create.authorization() == null ? context.role()
                : context.requireNewOwner(create.authorization());
        var database = context.catalog().database(context.catalog().databaseOid());
        if (Privileges.onDatabase(context.catalog(), context.roleOid(), database, Privilege.CREATE.bit()) == 0) {
            throw CommandContext.denied("database", database.name());
        }
        String name = create.name() != null ? create.name() : owner.name();
        if (name.startsWith("pg_")) {
            throw new SqlException(SqlState.RESERVED_NAME, "unacceptable schema name \"" + name + "\"")
                    .withDetail("The prefix \"pg_\" is reserved for system schemas.");
        }
        if (context.catalog().schema(name) != null) {
            if (create.ifNotExists()) {
                context.notice(SqlState.DUPLICATE_SCHEMA, "schema \"" + name + "\" already exists, skipping");
                return "CREATE SCHEMA";
            }
            throw CatalogErrors.schemaExists(name);
        }
        context.writer().shared().createSchema(name, owner.oid(), false);
        if (!create.elements().isEmpty()) {
            runElements(create, name, commands);
        }
        return "CREATE SCHEMA";
    }

    /** The objects inside CREATE SCHEMA are made with the new schema first in the search path. */
    private void runElements(SchemaStatement.CreateSchema create, String name, Commands commands) {
        String before = context.session.settings().get("search_path");
        context.session.functions().setSetting("search_path", '"' + name.replace("\"", "\"\"") + "\", " + before, true);
        context.forgetReaders();
        for (Statement element : create.elements()) {
            commands.run(element, context);
        }
        context.session.functions().setSetting("search_path", before, true);
        context.forgetReaders();
    }

    String createExtension(SchemaStatement.CreateExtension create) {
        if (create.name().equals("plpgsql")) {
            // pg_dump writes it into every dump; DO and functions in that language are refused where they appear.
            if (create.ifNotExists()) {
                context.notice(SqlState.DUPLICATE_OBJECT, "extension \"plpgsql\" already exists, skipping");
                return "CREATE EXTENSION";
            }
            throw new SqlException(SqlState.DUPLICATE_OBJECT, "extension \"plpgsql\" already exists");
        }
        throw SqlException.notSupported("extension \"" + create.name() + "\" is not available")
                .withHint("This server has no extensions; what it has of their functions is built in.");
    }
}
