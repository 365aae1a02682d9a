package io.quantadb.session;

import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One session's settings, with the undo that transactions need. Confined to the session's thread.
 *
 * <p>SET holds if its transaction commits; SET LOCAL until the transaction ends. Both are undone by an abort, and by
 * ROLLBACK TO a savepoint set before
 * them. The undo list records the value before each change; commit replays only the part that SET LOCAL changed.
 */
public final class Settings {
    /** Receives each change of an effective value, also those made by undo. */
    public interface Listener {
        void changed(SettingDefinition definition, String value);
    }

    /** Settings whose change is reported to the client at once. */
    private static final Set<String> REPORTED = Set.of("server_version", "server_encoding", "client_encoding", "application_name",
        "is_superuser", "session_authorization", "datestyle", "intervalstyle", "timezone", "integer_datetimes",
        "standard_conforming_strings", "in_hot_standby", "default_transaction_read_only", "quantadb.last_commit_lsn");

    private record Undo(int level, String name, String before, boolean local) {
    }

    private final SettingCatalog catalog;
    private final Map<String, String> values = new HashMap<>();
    /** What RESET goes back to: the server's value, then role's and database's, then the startup packet's. */
    private final Map<String, String> resetValues = new HashMap<>();
    private final List<Undo> undo = new ArrayList<>();
    private final Set<String> localNames = new HashSet<>();
    private Listener listener = (definition, value) -> { };
    private int level = -1;

    public Settings(SettingCatalog catalog) {
        this.catalog = catalog;
    }

    public void listen(Listener newListener) {
        listener = newListener;
    }

    public SettingCatalog catalog() {
        return catalog;
    }

    /** Whether clients are told of changes by ParameterStatus. */
    public static boolean isReported(String name) {
        return REPORTED.contains(SettingCatalog.key(name));
    }

    /**
     * The stored value.
     *
     * @return null if nobody set a custom setting of this name
     */
    public String get(String name) {
        String key = SettingCatalog.key(name);
        String value = values.get(key);
        if (value == null) {
            value = resetValues.get(key);
        }
        return value == null ? catalog.serverValue(key) : value;
    }

    public boolean isOn(String name) {
        return "on".equals(get(name));
    }

    public long number(String name) {
        return Long.parseLong(get(name));
    }

    /** As SHOW prints it; throws 42704 for an unknown name. */
    public String show(String name) {
        SettingDefinition definition = catalog.find(name);
        if (definition == null) {
            String value = isCustom(name) ? get(name) : null;
            if (value == null) {
                throw SettingCatalog.unknown(name);
            }
            return value;
        }
        return definition.display(get(name));
    }

    private static boolean isCustom(String name) {
        int dot = name.indexOf('.');
        return dot > 0 && dot < name.length() - 1;
    }

    /** Names of custom settings that have a value. */
    public Set<String> customNames() {
        Set<String> names = new HashSet<>();
        for (String name : values.keySet()) {
            if (catalog.find(name) == null) {
                names.add(name);
            }
        }
        return names;
    }

    /**
     * Sets a value as a user's command does.
     *
     * @param value null for DEFAULT
     * @throws SqlException 42704, 22023, 55P02 (cannot be changed now) or 42501
     */
    public void set(String name, String value, boolean local, boolean superuser) {
        SettingDefinition definition = definitionFor(name);
        checkChangeable(definition, superuser);
        String stored = value == null ? resetValue(definition.name()) : SettingRules.check(definition, definition.normalize(value));
        assign(definition, stored, local);
    }

    private SettingDefinition definitionFor(String name) {
        SettingDefinition definition = catalog.find(name);
        if (definition != null) {
            return definition;
        }
        if (!isCustom(name)) {
            throw SettingCatalog.unknown(name);
        }
        return new SettingDefinition(name, SettingDefinition.Type.STRING, "", "user", "", "", List.of(), "", "Customized Options");
    }

    private static void checkChangeable(SettingDefinition definition, boolean superuser) {
        String name = definition.name();
        switch (definition.context()) {
            case "internal" -> throw new SqlException(SqlState.CANT_CHANGE_RUNTIME_PARAM,
                "parameter \"" + name + "\" cannot be changed");
            case "postmaster" -> throw new SqlException(SqlState.CANT_CHANGE_RUNTIME_PARAM,
                "parameter \"" + name + "\" cannot be changed without restarting the server");
            case "sighup" -> throw new SqlException(SqlState.CANT_CHANGE_RUNTIME_PARAM,
                "parameter \"" + name + "\" cannot be changed now");
            case "backend", "superuser-backend" -> throw new SqlException(SqlState.CANT_CHANGE_RUNTIME_PARAM,
                "parameter \"" + name + "\" cannot be set after connection start");
            case "superuser" -> {
                if (!superuser) {
                    throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied to set parameter \"" + name + "\"");
                }
            }
            default -> { }
        }
    }

    private String resetValue(String name) {
        String key = SettingCatalog.key(name);
        String value = resetValues.get(key);
        return value == null ? catalog.serverValue(key) : value;
    }

    private void assign(SettingDefinition definition, String stored, boolean local) {
        String key = SettingCatalog.key(definition.name());
        if (level >= 0) {
            undo.add(new Undo(level, key, values.get(key), local));
        } else if (local) {
            return;
        }
        put(key, definition, stored);
    }

    private void put(String key, SettingDefinition definition, String stored) {
        String before = get(key);
        if (stored == null) {
            values.remove(key);
        } else {
            values.put(key, stored);
        }
        String now = get(key);
        if (now != null && !now.equals(before)) {
            listener.changed(definition, now);
        }
    }

    /** Sets what RESET goes back to: startup parameters, role and database settings. Not transactional. */
    public void setSessionDefault(String name, String value) {
        SettingDefinition definition = definitionFor(name);
        String stored = SettingRules.check(definition, definition.normalize(value));
        String before = get(name);
        resetValues.put(SettingCatalog.key(name), stored);
        if (!stored.equals(before)) {
            listener.changed(definition, stored);
        }
    }

    /**
     * Copies what differs from the server's own settings, except what the server itself decides.
     *
     * @param defaults receives what RESET goes back to
     * @param changed receives what SET has changed
     */
    void copyChanges(Map<String, String> defaults, Map<String, String> changed) {
        copyChangeable(resetValues, defaults);
        copyChangeable(values, changed);
    }

    private void copyChangeable(Map<String, String> from, Map<String, String> to) {
        from.forEach((name, value) -> {
            SettingDefinition definition = definitionFor(name);
            if (definition.isChangeableInSession() && !name.equals("session_authorization")) {
                to.put(definition.name(), value);
            }
        });
    }

    /** Sets a value the server itself reports (is_superuser, in_hot_standby...); not transactional, no checks. */
    public void setInternal(String name, String value) {
        put(SettingCatalog.key(name), definitionFor(name), value);
    }

    /** RESET ALL. */
    public void resetAll() {
        for (String name : new ArrayList<>(values.keySet())) {
            SettingDefinition definition = definitionFor(name);
            if (definition.isChangeableInSession() && !name.equals("session_authorization") && !name.equals("role")) {
                assign(definition, resetValues.get(name), false);
            }
        }
    }

    /** A transaction begins (level 0) or a subtransaction (its level). */
    public void begin(int newLevel) {
        level = newLevel;
    }

    /** RELEASE SAVEPOINT: what was set since belongs to the parent level. */
    public void release(int releasedLevel) {
        for (int i = undo.size() - 1; i >= 0 && undo.get(i).level() >= releasedLevel; i--) {
            Undo entry = undo.get(i);
            undo.set(i, new Undo(releasedLevel - 1, entry.name(), entry.before(), entry.local()));
        }
        level = releasedLevel - 1;
    }

    /** Takes back everything set at {@code fromLevel} and above. */
    public void rollback(int fromLevel) {
        while (!undo.isEmpty() && undo.getLast().level() >= fromLevel) {
            Undo entry = undo.removeLast();
            put(entry.name(), definitionFor(entry.name()), entry.before());
        }
        level = fromLevel - 1;
    }

    /**
     * The transaction committed: only SET LOCAL is taken back, to the last value SET gave or to the one before the
     * transaction.
     */
    public void commit() {
        Map<String, String> kept = new HashMap<>();
        localNames.clear();
        // Walking forward: the value in force after each plain SET is the "before" of the next change or the current
        // one.
        for (int i = 0; i < undo.size(); i++) {
            Undo entry = undo.get(i);
            if (!entry.local()) {
                kept.put(entry.name(), valueAfter(i));
            } else if (!kept.containsKey(entry.name())) {
                kept.put(entry.name(), entry.before());
            }
            if (entry.local()) {
                localNames.add(entry.name());
            }
        }
        undo.clear();
        level = -1;
        for (String name : localNames) {
            put(name, definitionFor(name), kept.get(name));
        }
    }

    private String valueAfter(int index) {
        String name = undo.get(index).name();
        for (int i = index + 1; i < undo.size(); i++) {
            if (undo.get(i).name().equals(name)) {
                return undo.get(i).before();
            }
        }
        return values.get(name);
    }
}
