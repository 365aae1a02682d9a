package io.quantadb.session.command;

import io.quantadb.base.RelationId;
import io.quantadb.catalog.CatalogErrors;
import io.quantadb.catalog.ColumnDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.catalog.SequenceDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.sql.ast.Persistence;
import io.quantadb.sql.ast.SequenceOption;
import io.quantadb.sql.ast.TableStatement;
import io.quantadb.txn.lock.LockMode;
import io.quantadb.types.BuiltinTypes;
import io.quantadb.types.PgType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** CREATE and ALTER SEQUENCE. Confined to one command. */
final class SequenceCommands {
    private final CommandContext context;

    SequenceCommands(CommandContext context) {
        this.context = context;
    }

    String create(TableStatement.CreateSequence create) {
        boolean temporary = create.persistence() == Persistence.TEMPORARY;
        SchemaDescriptor schema = context.creationSchema(create.name(), temporary);
        String name = create.name().name();
        if (context.catalog().relation(schema.name(), name) != null) {
            if (create.ifNotExists()) {
                context.notice(SqlState.DUPLICATE_TABLE, "relation \"" + name + "\" already exists, skipping");
                return "CREATE SEQUENCE";
            }
            throw CatalogErrors.relationExists(name);
        }
        SequenceDescriptor definition = define(create.options(), BuiltinTypes.INT8, name);
        temporary |= schema.oid() == context.state.temporarySchema;
        int oid = make(schema.oid(), name, context.roleOid(), temporary ? 't' : 'p', definition);
        DefaultPrivileges.apply(context, oid, RelationKind.SEQUENCE);
        applyOwner(oid, create.options());
        return "CREATE SEQUENCE";
    }

    /** Adds a sequence to the catalog and makes its page. @return its oid */
    int make(int schemaOid, String name, int owner, char persistence, SequenceDescriptor definition) {
        int oid = context.writer().relations().createSequence(schemaOid, name, owner, persistence, definition);
        RelationId storage = context.catalog().relation(oid).storage();
        context.createFile(storage);
        Sequences.initialise(context, storage, definition.start(), false);
        return oid;
    }

    String alter(TableStatement.AlterSequence alter) {
        RelationDescriptor sequence = context.findAndLock(alter.name(), LockMode.SHARE_ROW_EXCLUSIVE);
        if (sequence == null) {
            if (alter.ifExists()) {
                context.notice("relation \"" + CommandContext.text(alter.name())
                        + "\" does not exist, skipping");
                return "ALTER SEQUENCE";
            }
            throw context.noRelation(alter.name());
        }
        if (sequence.kind() != RelationKind.SEQUENCE) {
            throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + sequence.name() + "\" is not a sequence");
        }
        context.requireOwner(sequence);
        change(sequence, alter.options());
        applyOwner(sequence.oid(), alter.options());
        return "ALTER SEQUENCE";
    }

    /** Applies options to an existing sequence; a new file makes the change transactional. */
    void change(RelationDescriptor sequence, List<SequenceOption> options) {
        boolean changes = options.stream().anyMatch(o -> !(o instanceof SequenceOption.OwnedBy));
        if (!changes) {
            return;
        }
        SequenceDescriptor old = context.catalog().sequence(sequence.oid());
        Sequences.Current current = Sequences.read(context.pool(), sequence.storage());
        Builder builder = new Builder(old, current.lastValue(), current.called());
        builder.apply(options);
        SequenceDescriptor definition = builder.build(sequence.name());
        context.writer().relations().alterSequence(sequence.oid(), definition);
        restart(context, sequence, builder.last, builder.called);
    }

    /** Gives the sequence a new file with this state: undone if the transaction aborts. */
    static void restart(CommandContext context, RelationDescriptor sequence, long last, boolean called) {
        context.transaction().dropFilesAtCommit(sequence.storage());
        int file = context.newFileNumber();
        context.writer().relations().setFile(sequence.oid(), file);
        RelationId storage = new RelationId(sequence.storage().databaseOid(), file);
        context.createFile(storage);
        Sequences.initialise(context, storage, last, called);
    }

    private void applyOwner(int sequenceOid, List<SequenceOption> options) {
        for (SequenceOption option : options) {
            if (option instanceof SequenceOption.OwnedBy owned) {
                applyOwner(sequenceOid, owned);
            }
        }
    }

    private void applyOwner(int sequenceOid, SequenceOption.OwnedBy owned) {
        boolean identity = context.writer().dependencies()
                .of(io.quantadb.catalog.ddl.ObjectAddress.relation(sequenceOid)).stream()
                .anyMatch(d -> d.type() == io.quantadb.catalog.ddl.Dependencies.INTERNAL);
        RelationDescriptor sequence = context.catalog().relation(sequenceOid);
        if (identity) {
            throw SqlException.notSupported("cannot change ownership of identity sequence")
                    .withDetail("Sequence \"" + sequence.name() + "\" is linked to an identity column.");
        }
        if (owned.column() == null) {
            context.writer().relations().setSequenceOwner(sequenceOid, 0, 0, false);
            return;
        }
        if (owned.table() == null) {
            throw new SqlException(SqlState.SYNTAX_ERROR, "invalid OWNED BY option")
                    .withHint("Specify OWNED BY table.column or OWNED BY NONE.");
        }
        RelationDescriptor table = context.requireAndLock(owned.table(), LockMode.ACCESS_SHARE);
        if (table.kind() != RelationKind.TABLE && table.kind() != RelationKind.VIEW) {
            throw new SqlException(SqlState.WRONG_OBJECT_TYPE,
                    "sequence cannot be owned by relation \"" + table.name() + "\"");
        }
        if (table.ownerOid() != sequence.ownerOid()) {
            throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                    "sequence must have same owner as table it is linked to");
        }
        if (table.schemaOid() != sequence.schemaOid()) {
            throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                    "sequence must be in same schema as table it is linked to");
        }
        ColumnDescriptor column = table.column(owned.column());
        if (column == null) {
            throw CatalogErrors.noColumn(owned.column(), table.name());
        }
        context.writer().relations().setSequenceOwner(sequenceOid, table.oid(), column.attnum(), false);
    }

    /** Reads the options of a new sequence. */
    SequenceDescriptor define(List<SequenceOption> options, PgType type, String name) {
        Builder builder = new Builder(type);
        builder.apply(options);
        return builder.build(name);
    }

    /** A definition being put together, with PostgreSQL's rules about what an option left out means. */
    private final class Builder {
        private PgType type;
        private final SequenceDescriptor old;
        private final Map<SequenceOption.Kind, SequenceOption.Number> numbers = new EnumMap<>(SequenceOption.Kind.class);
        private Boolean cycle;
        private boolean typeChanged;
        private long last;
        private boolean called;

        Builder(PgType type) {
            this.type = type;
            old = null;
        }

        Builder(SequenceDescriptor old, long last, boolean called) {
            this.old = old;
            this.last = last;
            this.called = called;
            type = context.catalog().pgType(old.typeOid());
        }

        void apply(List<SequenceOption> options) {
            for (SequenceOption option : options) {
                switch (option) {
                    case SequenceOption.As as -> {
                        type = context.resolveType(as.type()).type();
                        typeChanged = true;
                        if (type.oid() != BuiltinTypes.INT2.oid() && type.oid() != BuiltinTypes.INT4.oid()
                                && type.oid() != BuiltinTypes.INT8.oid()) {
                            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE,
                                    "sequence type must be smallint, integer, or bigint");
                        }
                    }
                    case SequenceOption.Number number -> {
                        if (numbers.put(number.kind(), number) != null) {
                            throw context.error(SqlState.SYNTAX_ERROR, "conflicting or redundant options", number.position());
                        }
                    }
                    case SequenceOption.Cycle c -> cycle = c.cycle();
                    case SequenceOption.OwnedBy o -> {
                        // Applied once the sequence exists.
                    }
                    case SequenceOption.SequenceName n -> {
                        // Read by whoever creates the sequence.
                    }
                }
            }
        }

        private Long number(SequenceOption.Kind kind) {
            SequenceOption.Number number = numbers.get(kind);
            if (number == null || number.value() == null) {
                return null;
            }
            try {
                return Long.parseLong(number.value().text());
            } catch (NumberFormatException e) {
                throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
                        "value \"" + number.value().text() + "\" is out of range for type bigint", e);
            }
        }

        private boolean has(SequenceOption.Kind kind) {
            return numbers.containsKey(kind);
        }

        private long typeMinimum() {
            return type.oid() == BuiltinTypes.INT2.oid() ? Short.MIN_VALUE
                    : type.oid() == BuiltinTypes.INT4.oid() ? Integer.MIN_VALUE : Long.MIN_VALUE;
        }

        private long typeMaximum() {
            return type.oid() == BuiltinTypes.INT2.oid() ? Short.MAX_VALUE
                    : type.oid() == BuiltinTypes.INT4.oid() ? Integer.MAX_VALUE : Long.MAX_VALUE;
        }

        SequenceDescriptor build(String name) {
            Long given = number(SequenceOption.Kind.INCREMENT);
            long increment = given != null ? given : old != null ? old.increment() : 1;
            if (increment == 0) {
                throw invalid("INCREMENT must not be zero");
            }
            boolean ascending = increment > 0;
            long maximum = limit(SequenceOption.Kind.MAXVALUE, ascending ? typeMaximum() : -1,
                    old == null ? null : (Long) old.maximum(), true);
            long minimum = limit(SequenceOption.Kind.MINVALUE, ascending ? 1 : typeMinimum(),
                    old == null ? null : (Long) old.minimum(), false);
            if (minimum > maximum) {
                throw invalid("MINVALUE (" + minimum + ") must be less than MAXVALUE (" + maximum + ")");
            }
            if (minimum == maximum) {
                throw invalid("MINVALUE (" + minimum + ") must be less than MAXVALUE (" + maximum + ")");
            }
            Long startGiven = number(SequenceOption.Kind.START);
            long start = startGiven != null ? startGiven : old != null ? old.start() : ascending ? minimum : maximum;
            if (start < minimum) {
                throw invalid("START value (" + start + ") cannot be less than MINVALUE (" + minimum + ")");
            }
            if (start > maximum) {
                throw invalid("START value (" + start + ") cannot be greater than MAXVALUE (" + maximum + ")");
            }
            restart(start, minimum, maximum);
            Long cacheGiven = number(SequenceOption.Kind.CACHE);
            long cache = cacheGiven != null ? cacheGiven : old != null ? old.cache() : 1;
            if (cache <= 0) {
                throw invalid("CACHE (" + cache + ") must be greater than zero");
            }
            boolean cycles = cycle != null ? cycle : old != null && old.cycle();
            return new SequenceDescriptor(0, type.oid(), start, increment, minimum, maximum, cache, cycles);
        }

        private void restart(long start, long minimum, long maximum) {
            if (has(SequenceOption.Kind.RESTART)) {
                Long value = number(SequenceOption.Kind.RESTART);
                last = value != null ? value : start;
                called = false;
            } else if (old == null) {
                last = start;
                called = false;
            }
            if (last < minimum) {
                throw invalid("RESTART value (" + last + ") cannot be less than MINVALUE (" + minimum + ")");
            }
            if (last > maximum) {
                throw invalid("RESTART value (" + last + ") cannot be greater than MAXVALUE (" + maximum + ")");
            }
        }

        private long limit(SequenceOption.Kind kind, long normal, Long before, boolean upper) {
            Long given = number(kind);
            if (given != null) {
                if (given < typeMinimum() || given > typeMaximum()) {
                    throw invalid((upper ? "MAXVALUE (" : "MINVALUE (") + given + ") is out of range for sequence data type "
                            + context.catalog().formatType(type.oid(), -1));
                }
                return given;
            }
            if (before == null || has(kind)) {
                return normal;
            }
            if (typeChanged) {
                PgType oldType = context.catalog().pgType(old.typeOid());
                PgType newType = type;
                type = oldType;
                boolean wasLimit = before == (upper ? typeMaximum() : typeMinimum());
                type = newType;
                if (wasLimit) {
                    return upper ? typeMaximum() : typeMinimum();
                }
            }
            if (before < typeMinimum() || before > typeMaximum()) {
                throw invalid((upper ? "MAXVALUE (" : "MINVALUE (") + before + ") is out of range for sequence data type "
                        + context.catalog().formatType(type.oid(), -1));
            }
            return before;
        }

        private SqlException invalid(String message) {
            return new SqlException(SqlState.INVALID_PARAMETER_VALUE, message);
        }
    }
}
