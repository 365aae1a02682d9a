package io.quantadb.planner;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.planner.cost.PlannerSettings;
import io.quantadb.planner.physical.PhysicalStatement.CommonTablePlan;
import io.quantadb.planner.physical.SubPlan;
import io.quantadb.types.Oids;
import io.quantadb.types.PgType;
import java.util.ArrayList;
import java.util.List;

/** Numbers and lists shared by all query levels of the statement being planned. */
final class StatementState {
    final PlannerContext context;
    final CatalogReader catalog;
    final PlannerSettings settings;
    final PgType bool;
    final PgType int4;
    final PgType int8;
    final List<SubPlan> subPlans = new ArrayList<>();
    final List<CommonTablePlan> commonTables = new ArrayList<>();
    final PlanNodes nodes;
    private int nodeIds;
    private int paramIds;
    private int scanIds;
    private int cteIds;
    private int workTableIds;
    private int subPlanNames;

    StatementState(PlannerContext context) {
        this.context = context;
        catalog = context.catalog();
        settings = context.settings();
        bool = catalog.pgType(Oids.BOOL);
        int4 = catalog.pgType(Oids.INT4);
        int8 = catalog.pgType(Oids.INT8);
        nodes = new PlanNodes(this);
    }

    int nextNode() {
        return nodeIds++;
    }

    int nextParam() {
        return paramIds++;
    }

    int paramCount() {
        return paramIds;
    }

    int nextScan() {
        return ++scanIds;
    }

    int nextCte() {
        return cteIds++;
    }

    int nextWorkTable() {
        return workTableIds++;
    }

    int nextSubPlanName() {
        return ++subPlanNames;
    }
}
