package io.quantadb.session;

import io.quantadb.catalog.SchemaDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.function.FunctionContext;
import io.quantadb.types.PgType;
import io.quantadb.types.TextContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** What functions see of their session. Confined to the session's thread. */
public final class SessionFunctions implements FunctionContext {
    private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;
    private static final RandomGeneratorFactory<RandomGenerator> GENERATORS = RandomGeneratorFactory.of("Xoroshiro128PlusPlus");

    private final Session session;
    private final Map<Class<?>, Object> services = new HashMap<>();
    private RandomGenerator random = GENERATORS.create();
    private SequenceAccess sequences;
    private Runnable forgetSequences = () -> { };

    SessionFunctions(Session session) {
        this.session = session;
    }

    /** Offers a service to functions by its interface. */
    public <T> void offer(Class<T> type, T implementation) {
        services.put(type, implementation);
    }

    /** Installs sequences. @param forget DISCARD SEQUENCES */
    public void sequences(SequenceAccess access, Runnable forget) {
        sequences = access;
        forgetSequences = forget;
    }

    void forgetSequences() {
        forgetSequences.run();
    }

    @Override
    public TextContext text() {
        return session.text();
    }

    @Override
    public String currentUser() {
        String role = session.settings().get("role");
        return role == null || role.equals("none") ? sessionUser() : role;
    }

    @Override
    public String sessionUser() {
        String authorization = session.settings().get("session_authorization");
        return authorization == null || authorization.isEmpty() ? session.identity().userName() : authorization;
    }

    @Override
    public String currentDatabase() {
        return session.identity().databaseName();
    }

    @Override
    public List<String> currentSchemas(boolean includeImplicit) {
        List<String> names = new ArrayList<>();
        for (SchemaDescriptor schema : session.catalog().searchPath()) {
            if (includeImplicit || isNamedInPath(schema.name())) {
                names.add(schema.name());
            }
        }
        return names;
    }

    private boolean isNamedInPath(String schema) {
        for (String part : session.settings().get("search_path").split(",")) {
            String name = part.trim();
            if (name.startsWith("\"") && name.endsWith("\"") && name.length() >= 2) {
                name = name.substring(1, name.length() - 1).replace("\"\"", "\"");
            }
            if (name.equals("$user") ? schema.equals(currentUser()) : name.equals(schema)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public long transactionTimestamp() {
        return session.transaction().startWallMicros() - POSTGRES_EPOCH_MICROS;
    }

    @Override
    public long statementTimestamp() {
        return session.statementStartMicros() - POSTGRES_EPOCH_MICROS;
    }

    @Override
    public long clockTimestamp() {
        return session.services().clock().wallMicros() - POSTGRES_EPOCH_MICROS;
    }

    @Override
    public String setting(String name, boolean missingOk) {
        try {
            return session.showSetting(name);
        } catch (SqlException e) {
            if (missingOk && e.state() == SqlState.UNDEFINED_OBJECT) {
                return null;
            }
            throw e;
        }
    }

    @Override
    public void setSetting(String name, String value, boolean local) {
        session.settings().set(name, value, local, session.isSuperuser());
        session.forgetCatalog();
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public void seedRandom(double seed) {
        random = GENERATORS.create(Double.doubleToLongBits(seed));
    }

    @Override
    public SequenceAccess sequences() {
        return sequences;
    }

    @Override
    public PgType type(int oid) {
        PgType type = session.catalog().pgType(oid);
        if (type == null) {
            throw new SqlException(SqlState.UNDEFINED_OBJECT, "type with OID " + Integer.toUnsignedString(oid) + " does not exist");
        }
        return type;
    }

    @Override
    public <T> T service(Class<T> type) {
        Object service = services.get(type);
        if (service == null) {
            throw SqlException.notSupported(type.getSimpleName() + " is not available here");
        }
        return type.cast(service);
    }

    @Override
    public int backendPid() {
        return session.processId();
    }

    @Override
    public void notice(SqlException notice) {
        session.notice(notice);
    }

    @Override
    public void checkInterrupts() {
        session.interrupts().check();
    }
}
