package io.quantadb.it.workload;

import io.quantadb.it.history.Level;
import java.util.ArrayList;
import java.util.List;

/** The usual choice. */
public final class Workloads {
    private Workloads() {
    }

    /**
     * One of each kind, and of those that have levels one a level.
     *
     * @param waits whether the servers know {@code WAIT FOR LSN}; one server alone needs not
     */
    public static List<Workload> all(HostList hosts, boolean waits) {
        List<Workload> workloads = new ArrayList<>();
        for (Level level : Level.values()) {
            workloads.add(new ListAppendWorkload(level));
            workloads.add(new RegisterWorkload(level));
            workloads.add(new BankWorkload(level));
        }
        workloads.add(new SetWorkload());
        workloads.add(new LongForkWorkload());
        workloads.add(new RegisterOnPrimaryWorkload());
        workloads.add(new SessionReadsWorkload(hosts, waits));
        return workloads;
    }
}
