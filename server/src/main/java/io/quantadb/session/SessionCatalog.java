package io.quantadb.session;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.RoleDescriptor;
import io.quantadb.catalog.cache.SearchPath;
import io.quantadb.catalog.cache.TransactionCatalog;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.txn.Transaction;
import java.util.ArrayList;
import java.util.List;

/**
 * The catalogs as one session sees them: one {@link TransactionCatalog} for each of its transactions, read along its
 * search path. Confined to the session's thread.
 */
public final class SessionCatalog {
    private final Session session;
    private Transaction transaction;
    private TransactionCatalog current;
    private CatalogReader reader;
    private int temporarySchema;
    private String parsedSetting;
    private List<String> parsedPath;

    SessionCatalog(Session session) {
        this.session = session;
    }

    /** The catalogs in the running transaction; for commands that change them. */
    public TransactionCatalog transactionCatalog() {
        Transaction now = session.transaction();
        if (now == null) {
            throw new SqlException(SqlState.NO_ACTIVE_SQL_TRANSACTION, "the catalog was asked for outside of a transaction");
        }
        if (now != transaction) {
            transaction = now;
            current = new TransactionCatalog(session.services().catalogs(), session.identity().databaseOid(), now);
            reader = null;
        }
        return current;
    }

    /** Along the search path. */
    public CatalogReader reader() {
        TransactionCatalog catalog = transactionCatalog();
        if (reader == null) {
            reader = catalog.reader(new SearchPath(elements(session.settings().get("search_path")), session.functions().currentUser(), temporarySchema));
            session.text().names(new CatalogNames(reader));
        }
        return reader;
    }

    /** A reader is made for each transaction, but the setting hardly ever changes. */
    private List<String> elements(String setting) {
        if (!setting.equals(parsedSetting)) {
            parsedPath = List.copyOf(path(setting));
            parsedSetting = setting;
        }
        return parsedPath;
    }

    /** The search path or role changed. */
    void forgetReader() {
        reader = null;
    }

    /** This session has a temporary schema from now on; 0: none any more. */
    public void temporarySchema(int schemaOid) {
        temporarySchema = schemaOid;
        reader = null;
    }

    public int temporarySchema() {
        return temporarySchema;
    }

    /** Elements of a search_path setting: names separated by commas, folded to lower case unless quoted. */
    static List<String> path(String setting) {
        List<String> names = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        boolean quoted = false;
        boolean wasQuoted = false;
        for (int i = 0; i <= setting.length(); i++) {
            char c = i == setting.length() ? ',' : setting.charAt(i);
            if (quoted) {
                if (c == '"' && i + 1 < setting.length() && setting.charAt(i + 1) == '"') {
                    name.append('"');
                    i++;
                } else if (c == '"') {
                    quoted = false;
                } else if (i < setting.length()) {
                    name.append(c);
                }
            } else if (c == '"') {
                quoted = true;
                wasQuoted = true;
            } else if (c == ',') {
                if (!name.isEmpty() || wasQuoted) {
                    names.add(name.toString());
                }
                name.setLength(0);
                wasQuoted = false;
            } else if (!Character.isWhitespace(c)) {
                name.append(Character.toLowerCase(c));
            }
        }
        return names;
    }

    /**
     * SET ROLE and SET SESSION AUTHORIZATION: throws 22023 for an unknown role, 42501 for one the session may not
     * become.
     */
    void checkRole(String setting, String role) {
        if (role == null || setting.equals("role") && role.equals("none")) {
            return;
        }
        RoleDescriptor target = reader().role(role);
        if (target == null) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "role \"" + role + "\" does not exist");
        }
        boolean allowed = session.identity().superuser()
            || (setting.equals("role") ? reader().isMemberOf(session.identity().userOid(), target.oid()) : target.oid() == session.identity().userOid());
        if (!allowed) {
            throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, setting.equals("role")
                ? "permission denied to set role \"" + role + "\"" : "permission denied to set session authorization");
        }
    }

    /** The role whose rights apply now. */
    public RoleDescriptor currentRole() {
        return reader().role(session.functions().currentUser());
    }
}
