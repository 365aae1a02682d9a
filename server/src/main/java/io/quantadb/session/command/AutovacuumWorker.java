package io.quantadb.session.command;

import io.quantadb.catalog.CatalogIds;
import io.quantadb.catalog.DatabaseDescriptor;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.catalog.RelationKind;
import io.quantadb.catalog.RoleDescriptor;
import io.quantadb.error.SqlException;
import io.quantadb.error.SqlState;
import io.quantadb.maintenance.ActivityRegistry;
import io.quantadb.maintenance.Autovacuum;
import io.quantadb.maintenance.AutovacuumOptions;
import io.quantadb.maintenance.TableActivity;
import io.quantadb.session.NoClient;
import io.quantadb.session.Session;
import io.quantadb.session.SessionIdentity;
import io.quantadb.session.SessionServices;
import io.quantadb.txn.lock.LockInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Vacuums and analyses the tables of one database that are due, in a session of its own for each round. Used by one thread.
 *
 * <p>Somebody who waits for a lock on the table in work has precedence: the work is given up and done in a later round.
 */
public final class AutovacuumWorker implements Autovacuum.Worker {
    private static final Logger LOG = LoggerFactory.getLogger(AutovacuumWorker.class);
    private static final long YIELD_CHECK_NANOS = 500_000_000;

    private final SessionServices services;
    private final Commands commands;
    private final AutovacuumOptions options;
    private final Consumer<Session> prepare;

    /** @param prepare installs what sessions of this server have */
    public AutovacuumWorker(SessionServices services, Commands commands, AutovacuumOptions options, Consumer<Session> prepare) {
        this.services = services;
        this.commands = commands;
        this.options = options;
        this.prepare = prepare;
    }

    private record Due(int oid, String name, boolean vacuum, boolean analyze) {
    }

    @Override
    public void lookAfter(int databaseOid, BooleanSupplier stopping) {
        long now = services.clock().wallMicros();
        var identity = new SessionIdentity(databaseOid, "", CatalogIds.BOOTSTRAP_ROLE, "", true, null, now, false);
        List<Due> due = new ArrayList<>();
        try (Session session = open(identity)) {
            session.runInternally(() -> findDue(session, due));
            for (Due table : due) {
                if (stopping.getAsBoolean()) {
                    return;
                }
                work(session, table, stopping);
            }
        }
    }

    /** The names of role and database are found by a session that does not know them yet. */
    private Session open(SessionIdentity unnamed) {
        String[] names = new String[2];
        try (Session session = new Session(services, unnamed, NoClient.INSTANCE)) {
            session.runInternally(() -> {
                DatabaseDescriptor database = session.catalog().database(unnamed.databaseOid());
                RoleDescriptor role = session.catalog().role(unnamed.userOid());
                names[0] = database == null ? null : database.name();
                names[1] = role.name();
            });
        }
        if (names[0] == null) {
            throw new SqlException(SqlState.UNDEFINED_DATABASE, "database was dropped");
        }
        Session session = new Session(services, new SessionIdentity(unnamed.databaseOid(), names[0], unnamed.userOid(), names[1], true, null,
                unnamed.startMicros(), false), NoClient.INSTANCE);
        prepare.accept(session);
        session.settings().setInternal("application_name", "autovacuum");
        return session;
    }

    private void findDue(Session session, List<Due> due) {
        ActivityRegistry registry = services.statistics().tables();
        int database = session.identity().databaseOid();
        for (TableActivity activity : registry.all()) {
            if (activity.databaseOid() != database && activity.databaseOid() != 0) {
                continue;
            }
            RelationDescriptor relation = session.catalog().relation(activity.relationOid());
            if (relation == null) {
                if (session.catalog().index(activity.relationOid()) == null) {
                    registry.forget(activity.databaseOid(), activity.relationOid());
                }
                continue;
            }
            if (relation.kind() != RelationKind.TABLE && relation.kind() != RelationKind.MATERIALIZED_VIEW || relation.isTemporary()) {
                continue;
            }
            AutovacuumOptions own = relation.options() == null ? options : options.with(relation::option);
            boolean vacuum = own.enabled() && own.needsVacuum(activity, relation.tuples());
            boolean analyze = own.enabled() && own.needsAnalyze(activity, relation.tuples());
            if (vacuum || analyze) {
                due.add(new Due(relation.oid(), relation.schemaName() + "." + relation.name(), vacuum, analyze));
            }
        }
    }

    private void work(Session session, Due table, BooleanSupplier stopping) {
        long begunNanos = System.nanoTime();
        try {
            session.runInternally(() -> commands.vacuumAutomatically(session, table.oid(), table.vacuum(), table.analyze(),
                    new PoliteCost(session, table.oid(), stopping)));
            LOG.debug("autovacuum of {}: vacuum {}, analyze {}, {} ms", table.name(), table.vacuum(), table.analyze(),
                    (System.nanoTime() - begunNanos) / 1_000_000);
        } catch (SqlException e) {
            if (e.state() == SqlState.QUERY_CANCELED) {
                LOG.info("autovacuum of {} was cancelled", table.name());
            } else {
                LOG.warn("autovacuum of {} failed: {}", table.name(), e.getMessage());
            }
        }
    }

    /** Ends the work when somebody waits for the table, or the server stops. */
    private final class PoliteCost extends VacuumCost {
        private final Session session;
        private final int relationOid;
        private final BooleanSupplier stopping;
        private long nextCheckNanos = System.nanoTime() + YIELD_CHECK_NANOS;

        PoliteCost(Session session, int relationOid, BooleanSupplier stopping) {
            super(options.costDelayMicros(), options.costLimit());
            this.session = session;
            this.relationOid = relationOid;
            this.stopping = stopping;
        }

        @Override
        boolean automatic() {
            return true;
        }

        @Override
        void pause() {
            super.pause();
            if (System.nanoTime() >= nextCheckNanos) {
                nextCheckNanos = System.nanoTime() + YIELD_CHECK_NANOS;
                if (stopping.getAsBoolean() || isWaitedFor()) {
                    throw new SqlException(SqlState.QUERY_CANCELED, "canceling autovacuum task");
                }
            }
        }

        private boolean isWaitedFor() {
            for (LockInfo lock : services.transactions().locks().list()) {
                if (!lock.granted() && lock.relationOid() == relationOid && lock.databaseOid() == session.identity().databaseOid()) {
                    return true;
                }
            }
            return false;
        }
    }
}
