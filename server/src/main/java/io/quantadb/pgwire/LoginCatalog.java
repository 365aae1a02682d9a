package io.quantadb.pgwire;

import io.quantadb.session.Session;
import java.util.Map;

/** What a login needs of the catalog. Called on virtual threads. */
public interface LoginCatalog {
    /**
     * Looks up role and database. A role that does not exist is not an error yet: {@link Login#check} raises it after
     * the password exchange, which runs against a made-up verifier, so that nobody
     * learns which names exist.
     */
    Login find(String user, String database);

    /** Gives a new session what the composition root installs: services for functions, row events, sequences. */
    void prepare(Session session);

    /** Outcome of the look-up. */
    interface Login {
        String userName();

        int userOid();

        boolean superuser();

        /** The stored SCRAM verifier; null if the role does not exist or has no password. */
        String passwordVerifier();

        int databaseOid();

        String databaseName();

        /** Settings of ALTER ROLE and ALTER DATABASE ... SET. */
        Map<String, String> settings();

        /** Throws 28000, 3D000, 55000 or 53300 if this role may not use this database now. */
        void check();
    }
}
