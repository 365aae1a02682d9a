package io.quantadb.planner.explain;

import io.quantadb.catalog.CatalogReader;
import io.quantadb.catalog.IndexColumn;
import io.quantadb.catalog.RelationDescriptor;
import io.quantadb.planner.physical.InputRef;
import io.quantadb.planner.physical.ModifyTable;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.PhysicalStatement;
import io.quantadb.planner.physical.ScanTarget;
import io.quantadb.planner.physical.SortKey;
import io.quantadb.planner.physical.SubPlan;
import io.quantadb.sql.analyzer.Deparser;
import io.quantadb.sql.typed.Expr;
import io.quantadb.types.TextContext;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Texts for the columns and expressions of a plan. */
final class PlanNames {
    private static final Map<Integer, String> SYSTEM = Map.of(-1, "ctid", -2, "xmin", -3, "cmin", -4, "xmax", -5,
            "cmax",
            -6, "tableoid", InputRef.ROW_ID, "ctid");

    private final PhysicalStatement statement;
    private final Deparser deparser;
    private final boolean qualify;
    /** Whether a scan's own columns are qualified in its conditions. */
    private final boolean qualifyOwn;
    private final Map<PhysicalPlan, List<String>> cache = new IdentityHashMap<>();

    PlanNames(PhysicalStatement statement, CatalogReader catalog, TextContext text, boolean verbose) {
        this.statement = statement;
        this.deparser = new Deparser(catalog, text, Deparser.Style.PLAIN);
        int[] scans = {0};
        count(statement.root(), scans);
        statement.subPlans().forEach(s -> count(s.plan(), scans));
        statement.commonTables().forEach(t -> count(t.plan(), scans));
        qualify = verbose || scans[0] > 1;
        qualifyOwn = verbose;
    }

    private static void count(PhysicalPlan plan, int[] scans) {
        switch (plan) {
            case PhysicalPlan.SeqScan _, PhysicalPlan.IndexScan _, PhysicalPlan.IndexOnlyScan _,
                PhysicalPlan.BitmapScan _, PhysicalPlan.TidScan _, PhysicalPlan.SampleScan _,
                PhysicalPlan.PointLookup _, PhysicalPlan.CteScan _, PhysicalPlan.WorkTableScan _,
                PhysicalPlan.FunctionScan _, PhysicalPlan.ValuesScan _ -> scans[0]++;
            default -> {
            }
        }
        plan.children().forEach(child -> count(child, scans));
    }

    /** Names of the columns a node produces. */
    List<String> of(PhysicalPlan plan) {
        List<String> known = cache.get(plan);
        if (known == null) {
            known = compute(plan);
            cache.put(plan, known);
        }
        return known;
    }

    private List<String> compute(PhysicalPlan plan) {
        return switch (plan) {
            case PhysicalPlan.SeqScan p -> attributes(p.target()).subList(0, p.target().outputCount());
            case PhysicalPlan.IndexScan p -> attributes(p.target()).subList(0, p.target().outputCount());
            case PhysicalPlan.IndexOnlyScan p -> attributes(p.target()).subList(0, p.target().outputCount());
            case PhysicalPlan.BitmapScan p -> attributes(p.target()).subList(0, p.target().outputCount());
            case PhysicalPlan.TidScan p -> attributes(p.target()).subList(0, p.target().outputCount());
            case PhysicalPlan.SampleScan p -> attributes(p.target()).subList(0, p.target().outputCount());
            case PhysicalPlan.PointLookup p -> texts(p.expressions(), attributes(p.target()), List.of());
            case PhysicalPlan.Result p -> texts(p.expressions(), List.of(), List.of());
            case PhysicalPlan.Project p -> texts(p.expressions(), of(p.input()), List.of());
            case PhysicalPlan.ProjectSet p -> texts(p.expressions(), of(p.input()), List.of());
            case PhysicalPlan.NestedLoop p -> join(p.left(), p.right(), p.projection());
            case PhysicalPlan.HashJoin p -> join(p.left(), p.right(), p.projection());
            case PhysicalPlan.MergeJoin p -> join(p.left(), p.right(), p.projection());
            case PhysicalPlan.Aggregate p -> aggregate(p);
            case PhysicalPlan.WindowAggregate p -> {
                List<String> result = new ArrayList<>(of(p.input()));
                p.calls().forEach(call -> result.add(text(call, of(p.input()), List.of())));
                yield result;
            }
            case PhysicalPlan.CteScan p -> own(p, p.name());
            case PhysicalPlan.ValuesScan p -> own(p, "\"*VALUES*\"");
            case PhysicalPlan.FunctionScan p -> own(p, null);
            case PhysicalPlan.WorkTableScan p -> own(p, null);
            case ModifyTable p -> own(p, null);
            default -> of(plan.children().getFirst());
        };
    }

    private List<String> own(PhysicalPlan plan, String name) {
        List<String> result = new ArrayList<>();
        plan.output().forEach(c -> result.add(name == null || !qualify ? String.valueOf(c.name())
                : name + "." + c.name()));
        return result;
    }

    private List<String> join(PhysicalPlan left, PhysicalPlan right, List<Integer> projection) {
        List<String> all = new ArrayList<>(of(left));
        all.addAll(of(right));
        return projection.stream().map(all::get).toList();
    }

    private List<String> aggregate(PhysicalPlan.Aggregate p) {
        List<String> input = of(p.input());
        List<String> result = new ArrayList<>();
        p.groupColumns().forEach(c -> result.add(input.get(c)));
        p.aggregates().forEach(call -> result.add(text(call, input, List.of())));
        if (p.output().size() > result.size()) {
            result.add("GROUPING");
        }
        return result;
    }

    /** Names of a scan's attributes, those for its filter included. */
    List<String> attributes(ScanTarget target) {
        return attributes(target, qualify);
    }

    /** The same as the scan's own conditions name them. */
    List<String> ownAttributes(ScanTarget target) {
        return attributes(target, qualifyOwn);
    }

    private static List<String> attributes(ScanTarget target, boolean qualify) {
        List<String> result = new ArrayList<>();
        for (int attribute : target.attributes()) {
            String name = attribute < 0 ? SYSTEM.get(attribute) : quote(target.relation().column(attribute).name());
            result.add(qualify ? quote(target.alias()) + "." + name : name);
        }
        return result;
    }

    /** What an index's key column is called in conditions. */
    String indexColumn(ScanTarget target, IndexColumn column) {
        RelationDescriptor relation = target.relation();
        String name = column.isExpression() ? "(" + column.expression() + ")"
                : quote(relation.column(column.attnum()).name());
        return qualifyOwn && !column.isExpression() ? quote(target.alias()) + "." + name : name;
    }

    static String quote(String name) {
        return io.quantadb.catalog.Identifiers.quote(name);
    }

    private List<String> texts(List<Expr> exprs, List<String> outer, List<String> inner) {
        return exprs.stream().map(e -> text(e, outer, inner)).toList();
    }

    /** An expression whose columns have these names. */
    String text(Expr expr, List<String> outer, List<String> inner) {
        return deparser.expression(expr, e -> name(e, outer, inner));
    }

    private String name(Expr expr, List<String> outer, List<String> inner) {
        return switch (expr) {
            case Expr.ColumnRef c -> {
                List<String> names = c.rangeIndex() == InputRef.INNER ? inner : outer;
                yield c.attribute() > 0 && c.attribute() <= names.size() ? names.get(c.attribute() - 1)
                        : SYSTEM.getOrDefault(c.attribute(), "column" + c.attribute());
            }
            case Expr.ExecParameter p -> parameter(p.id());
            case Expr.SubLinkColumn c -> "$" + (c.column() - 1);
            default -> null;
        };
    }

    private String parameter(int id) {
        for (SubPlan subPlan : statement.subPlans()) {
            if (subPlan.parameterId() == id) {
                if (subPlan.isInitPlan()) {
                    return "$" + id;
                }
                return subPlan.hashKeys().isEmpty() ? "(" + subPlan.name() + ")" : "(hashed " + subPlan.name() + ")";
            }
        }
        String source = bound(id);
        return source != null ? source : "$" + id;
    }

    /** The column a slot is filled from, as PostgreSQL prints parameters of nested loops. */
    private String bound(int id) {
        String[] found = {null};
        find(statement.root(), id, found);
        statement.subPlans().forEach(s -> find(s.plan(), id, found));
        statement.commonTables().forEach(t -> find(t.plan(), id, found));
        return found[0];
    }

    private void find(PhysicalPlan plan, int id, String[] found) {
        if (found[0] != null) {
            return;
        }
        if (plan instanceof PhysicalPlan.NestedLoop loop) {
            for (SubPlan.Binding binding : loop.bindings()) {
                if (binding.parameterId() == id) {
                    found[0] = text(binding.value(), of(loop.left()), List.of());
                    return;
                }
            }
        }
        plan.children().forEach(child -> find(child, id, found));
    }

    /** A sort key as EXPLAIN prints it. */
    List<String> keys(List<SortKey> keys, PhysicalPlan input) {
        List<String> names = of(input);
        List<String> result = new ArrayList<>();
        for (SortKey key : keys) {
            String suffix = key.descending() ? key.nullsFirst() ? " DESC" : " DESC NULLS LAST"
                    : key.nullsFirst() ? " NULLS FIRST" : "";
            result.add(names.get(key.column()) + suffix);
        }
        return result;
    }
}
