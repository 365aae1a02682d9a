package io.quantadb.session.command;

import io.quantadb.base.FileHandle;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.PredefinedRoles;
import io.quantadb.catalog.Privilege;
import io.quantadb.catalog.Privileges;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.session.CopyInput;
import io.quantadb.sql.ast.DataStatement;
import io.quantadb.sql.ast.Identifier;
import io.quantadb.txn.lock.LockMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** COPY: checks names and rights, opens the other end, and lets {@link CopyFrom} or {@link CopyTo} work. Confined to one command. */
final class CopyCommand {
    private static final int FILE_CHUNK_BYTES = 64 << 10;

    private final CommandContext context;

    CopyCommand(CommandContext context) {
        this.context = context;
    }

    String run(DataStatement.Copy copy) {
        if (copy.program()) {
            throw SqlException.notSupported("COPY to or from an external program is not supported");
        }
        if (copy.file() != null) {
            requireFileRights(copy);
        }
        CopyOptions options = CopyOptions.read(context, copy.options(), copy.from());
        long rows = copy.from() ? from(copy, options) : to(copy, options);
        return "COPY " + rows;
    }

    private void requireFileRights(DataStatement.Copy copy) {
        int wanted = copy.from() ? PredefinedRoles.READ_SERVER_FILES : PredefinedRoles.WRITE_SERVER_FILES;
        if (!context.isSuperuser() && !context.catalog().inheritedRoles(context.roleOid()).contains(wanted)) {
            throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, copy.from()
                    ? "must be superuser or have privileges of the pg_read_server_files role to COPY from a file"
                    : "must be superuser or have privileges of the pg_write_server_files role to COPY to a file")
                    .withHint("Anyone can COPY to stdout or from stdin. psql's \\copy command also works for anyone.");
        }
        if (!Path.of(copy.file()).isAbsolute()) {
            throw new SqlException(SqlState.INVALID_NAME, "relative path not allowed for COPY to file");
        }
    }

    // ---- FROM

    private long from(DataStatement.Copy copy, CopyOptions options) {
        RelationDescriptor table = context.requireAndLock(copy.table(), LockMode.ROW_EXCLUSIVE);
        switch (table.kind()) {
            case TABLE -> {
                // As it should be.
            }
            case VIEW -> throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot copy to view \"" + table.name() + "\"")
                    .withHint("To enable copying to a view, provide an INSTEAD OF INSERT trigger.");
            case MATERIALIZED_VIEW -> throw new SqlException(SqlState.WRONG_OBJECT_TYPE,
                    "cannot copy to materialized view \"" + table.name() + "\"");
            case SEQUENCE -> throw new SqlException(SqlState.WRONG_OBJECT_TYPE,
                    "cannot copy to sequence \"" + table.name() + "\"");
            default -> throw new SqlException(SqlState.WRONG_OBJECT_TYPE,
                    "cannot copy to non-table relation \"" + table.name() + "\"");
        }
        if (context.transaction().readOnly() && !table.isTemporary()) {
            throw new SqlException(SqlState.READ_ONLY_SQL_TRANSACTION, "cannot execute COPY FROM in a read-only transaction");
        }
        List<ColumnDescriptor> columns = columns(table, copy.columns());
        requireColumns(table, columns, Privilege.INSERT);
        CopyFrom loader = new CopyFrom(context, table, columns, options, copy.where());
        if (copy.file() != null) {
            try (FileHandle file = open(copy.file(), true)) {
                return loader.run(chunks(file));
            } catch (IOException e) {
                throw new SqlException(SqlState.IO_ERROR, "could not read from COPY file: " + e.getMessage(), e);
            }
        }
        CopyInput input = context.out.copyIn(options.format() == CopyOptions.Format.BINARY, columns.size());
        try {
            return loader.run(input::next);
        } catch (RuntimeException e) {
            input.abandon();
            throw e;
        }
    }

    private FileHandle open(String name, boolean read) throws IOException {
        Path path = Path.of(name);
        try {
            return read ? context.session.services().files().openReadOnly(path)
                    : context.session.services().files().openOrCreate(path);
        } catch (NoSuchFileException e) {
            throw new SqlException(SqlState.UNDEFINED_FILE, "could not open file \"" + name + "\" for "
                    + (read ? "reading" : "writing") + ": No such file or directory", e);
        }
    }

    private static CopyFrom.Source chunks(FileHandle file) {
        long[] position = {0};
        return () -> {
            ByteBuffer buffer = ByteBuffer.allocate(FILE_CHUNK_BYTES);
            try {
                int read = file.read(buffer, position[0]);
                if (read <= 0) {
                    return null;
                }
                position[0] += read;
                return read == FILE_CHUNK_BYTES ? buffer.array() : java.util.Arrays.copyOf(buffer.array(), read);
            } catch (IOException e) {
                throw new SqlException(SqlState.IO_ERROR, "could not read from COPY file: " + e.getMessage(), e);
            }
        };
    }

    /** The columns named, or all that may be copied. */
    private List<ColumnDescriptor> columns(RelationDescriptor table, List<Identifier> names) {
        if (names.isEmpty()) {
            return table.liveColumns().stream().filter(c -> !c.isGenerated()).toList();
        }
        List<ColumnDescriptor> columns = new ArrayList<>();
        for (Identifier name : names) {
            ColumnDescriptor column = table.column(name.name());
            if (column == null) {
                throw io.quantadb.catalog.CatalogErrors.noColumn(name.name(), table.name());
            }
            if (column.isGenerated()) {
                throw new SqlException(SqlState.INVALID_COLUMN_REFERENCE,
                        "column \"" + name.name() + "\" is a generated column")
                        .withDetail("Generated columns cannot be used in COPY.");
            }
            if (columns.contains(column)) {
                throw new SqlException(SqlState.DUPLICATE_COLUMN, "column \"" + name.name() + "\" specified more than once");
            }
            columns.add(column);
        }
        return columns;
    }

    private void requireColumns(RelationDescriptor table, List<ColumnDescriptor> columns, Privilege privilege) {
        int role = context.roleOid();
        if (Privileges.onRelation(context.catalog(), role, table, privilege.bit()) != 0) {
            return;
        }
        for (ColumnDescriptor column : columns) {
            if (Privileges.onColumn(context.catalog(), role, table, column.attnum(), privilege.bit()) == 0) {
                throw CommandContext.denied("table", table.name());
            }
        }
    }

    // ---- TO

    private long to(DataStatement.Copy copy, CopyOptions options) {
        CopyTo writer = new CopyTo(context, options);
        CopyTo.Target target;
        FileTarget file = null;
        RelationDescriptor table = null;
        List<ColumnDescriptor> columns = List.of();
        if (copy.query() == null) {
            table = context.requireAndLock(copy.table(), LockMode.ACCESS_SHARE);
            requireCopyable(table);
            columns = columns(table, copy.columns());
            requireColumns(table, columns, Privilege.SELECT);
        }
        try {
            if (copy.file() != null) {
                FileHandle handle = open(copy.file(), false);
                handle.truncate(0);
                file = new FileTarget(handle);
                target = file;
            } else {
                target = new ClientTarget();
            }
            long rows = table != null ? writer.table(table, columns, target) : writer.query(copy.query(), target);
            target.end();
            return rows;
        } catch (IOException e) {
            throw new SqlException(SqlState.IO_ERROR, "could not write to COPY file: " + e.getMessage(), e);
        } finally {
            if (file != null) {
                file.close();
            }
        }
    }

    private static void requireCopyable(RelationDescriptor table) {
        if (table.kind() == RelationKind.TABLE) {
            return;
        }
        SqlException error = new SqlException(SqlState.WRONG_OBJECT_TYPE, switch (table.kind()) {
            case VIEW, MATERIALIZED_VIEW, FOREIGN_TABLE, SEQUENCE ->
                "cannot copy from " + table.kind().noun() + " \"" + table.name() + "\"";
            default -> "cannot copy from non-table relation \"" + table.name() + "\"";
        });
        throw table.kind() == RelationKind.SEQUENCE ? error : error.withHint("Try the COPY (SELECT ...) TO variant.");
    }

    /** Rows go to the client as CopyData messages. */
    private final class ClientTarget implements CopyTo.Target {
        @Override
        public void begin(boolean binary, int columns) {
            context.out.copyOutResponse(binary, columns);
        }

        @Override
        public void row(byte[] bytes, int length) {
            context.out.copyData(bytes, 0, length);
        }

        @Override
        public void end() {
            context.out.copyDone();
        }
    }

    /** Rows go to a file. */
    private static final class FileTarget implements CopyTo.Target {
        private final FileHandle file;
        private final ByteBuffer buffer = ByteBuffer.allocate(FILE_CHUNK_BYTES);
        private long position;

        FileTarget(FileHandle file) {
            this.file = file;
        }

        @Override
        public void begin(boolean binary, int columns) {
            // A file has no preamble but the format's own.
        }

        @Override
        public void row(byte[] bytes, int length) throws IOException {
            if (buffer.remaining() < length) {
                flush();
            }
            if (length > buffer.capacity()) {
                file.write(ByteBuffer.wrap(bytes, 0, length), position);
                position += length;
            } else {
                buffer.put(bytes, 0, length);
            }
        }

        private void flush() throws IOException {
            buffer.flip();
            int length = buffer.remaining();
            if (length > 0) {
                file.write(buffer, position);
                position += length;
            }
            buffer.clear();
        }

        @Override
        public void end() throws IOException {
            flush();
        }

        void close() {
            try {
                file.close();
            } catch (IOException e) {
                throw new SqlException(SqlState.IO_ERROR, "could not close COPY file: " + e.getMessage(), e);
            }
        }
    }
}
