package io.quantadb.planner;

import io.quantadb.planner.physical.OutputColumn;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.PlanInfo;
import java.util.ArrayList;
import java.util.List;

/** Gives the top node's columns the names the client sees. */
final class PlanRenamer {
    private PlanRenamer() {
    }

    static PhysicalPlan rename(PhysicalPlan plan, List<String> names) {
        PlanInfo in = plan.info();
        List<OutputColumn> output = new ArrayList<>();
        for (int i = 0; i < in.output().size(); i++) {
            OutputColumn c = in.output().get(i);
            output.add(new OutputColumn(names.get(i), c.type(), c.typmod(), c.collation()));
        }
        if (output.equals(in.output())) {
            return plan;
        }
        return withInfo(plan, new PlanInfo(in.nodeId(), output, in.startupCost(), in.totalCost(), in.rows(),
                in.width()));
    }

    private static PhysicalPlan withInfo(PhysicalPlan plan, PlanInfo i) {
        return switch (plan) {
            case PhysicalPlan.SeqScan p -> new PhysicalPlan.SeqScan(i, p.target(), p.filter());
            case PhysicalPlan.IndexScan p -> new PhysicalPlan.IndexScan(i, p.target(), p.condition(), p.backward(),
                    p.filter());
            case PhysicalPlan.IndexOnlyScan p -> new PhysicalPlan.IndexOnlyScan(i, p.target(), p.condition(),
                    p.backward(), p.filter());
            case PhysicalPlan.BitmapScan p -> new PhysicalPlan.BitmapScan(i, p.target(), p.bitmap(), p.filter());
            case PhysicalPlan.TidScan p -> new PhysicalPlan.TidScan(i, p.target(), p.tids(), p.tidArrays(), p.lower(),
                    p.upper(), p.filter());
            case PhysicalPlan.SampleScan p -> new PhysicalPlan.SampleScan(i, p.target(), p.bernoulli(), p.percent(),
                    p.repeatable(), p.filter());
            case PhysicalPlan.ValuesScan p -> new PhysicalPlan.ValuesScan(i, p.rows());
            case PhysicalPlan.FunctionScan p -> new PhysicalPlan.FunctionScan(i, p.functions(), p.ordinality());
            case PhysicalPlan.Result p -> new PhysicalPlan.Result(i, p.expressions(), p.oneTimeFilter());
            case PhysicalPlan.Project p -> new PhysicalPlan.Project(i, p.input(), p.expressions());
            case PhysicalPlan.ProjectSet p -> new PhysicalPlan.ProjectSet(i, p.input(), p.expressions());
            case PhysicalPlan.Filter p -> new PhysicalPlan.Filter(i, p.input(), p.condition(), p.oneTime());
            case PhysicalPlan.NestedLoop p -> new PhysicalPlan.NestedLoop(i, p.type(), p.left(), p.right(),
                    p.bindings(), p.condition(), p.projection());
            case PhysicalPlan.HashJoin p -> new PhysicalPlan.HashJoin(i, p.type(), p.left(), p.right(), p.leftKeys(),
                    p.rightKeys(), p.condition(), p.projection());
            case PhysicalPlan.MergeJoin p -> new PhysicalPlan.MergeJoin(i, p.type(), p.left(), p.right(),
                    p.leftKeys(), p.rightKeys(), p.condition(), p.projection());
            case PhysicalPlan.Sort p -> new PhysicalPlan.Sort(i, p.input(), p.keys());
            case PhysicalPlan.IncrementalSort p -> new PhysicalPlan.IncrementalSort(i, p.input(), p.keys(),
                    p.presorted());
            case PhysicalPlan.TopN p -> new PhysicalPlan.TopN(i, p.input(), p.keys(), p.limit(), p.offset());
            case PhysicalPlan.Limit p -> new PhysicalPlan.Limit(i, p.input(), p.limit(), p.offset(), p.tiesKeys());
            case PhysicalPlan.Distinct p -> new PhysicalPlan.Distinct(i, p.input(), p.columns(), p.sorted());
            case PhysicalPlan.Aggregate p -> new PhysicalPlan.Aggregate(i, p.input(), p.strategy(), p.groupColumns(),
                    p.groupingSets(), p.aggregates(), p.groupingColumn());
            case PhysicalPlan.WindowAggregate p -> new PhysicalPlan.WindowAggregate(i, p.input(),
                    p.partitionColumns(), p.orderKeys(), p.frame(), p.calls());
            case PhysicalPlan.Append p -> new PhysicalPlan.Append(i, p.inputs());
            case PhysicalPlan.MergeAppend p -> new PhysicalPlan.MergeAppend(i, p.inputs(), p.keys());
            case PhysicalPlan.SetOperation p -> new PhysicalPlan.SetOperation(i, p.operator(), p.all(), p.left(),
                    p.right());
            case PhysicalPlan.RecursiveUnion p -> new PhysicalPlan.RecursiveUnion(i, p.start(), p.recursive(),
                    p.all(), p.workTableId());
            case PhysicalPlan.WorkTableScan p -> new PhysicalPlan.WorkTableScan(i, p.workTableId());
            case PhysicalPlan.CteScan p -> new PhysicalPlan.CteScan(i, p.cteId(), p.name());
            case PhysicalPlan.Materialize p -> new PhysicalPlan.Materialize(i, p.input());
            case PhysicalPlan.LockRows p -> new PhysicalPlan.LockRows(i, p.input(), p.relations());
            case PhysicalPlan.PointLookup p -> new PhysicalPlan.PointLookup(i, p.target(), p.index(), p.key(),
                    p.filter(), p.expressions());
            case io.quantadb.planner.physical.ModifyTable p -> new io.quantadb.planner.physical.ModifyTable(i,
                    p.input(), p.operation(), p.targets(), p.root(), p.rowIdColumn(), p.tableOidColumn(),
                    p.assignedAttributes(), p.valueColumns(), p.onConflict(), p.mergeActions(), p.returning(),
                    p.canSetTag());
        };
    }
}
