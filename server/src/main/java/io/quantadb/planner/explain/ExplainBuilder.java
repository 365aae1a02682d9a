package io.quantadb.planner.explain;

import io.quantadb.catalog.IndexColumn;
import io.quantadb.planner.physical.BitmapNode;
import io.quantadb.planner.physical.IndexCondition;
import io.quantadb.planner.physical.JoinType;
import io.quantadb.planner.physical.ModifyTable;
import io.quantadb.planner.physical.PhysicalPlan;
import io.quantadb.planner.physical.PhysicalPlan.AggregateStrategy;
import io.quantadb.planner.physical.PhysicalStatement;
import io.quantadb.planner.physical.ScanTarget;
import io.quantadb.planner.physical.SubPlan;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Exprs;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Turns physical nodes into the nodes PostgreSQL would show: projections vanish, filters move into the node below. */
final class ExplainBuilder {
    private final PhysicalStatement statement;
    private final PlanNames names;
    private final boolean verbose;
    private final BitSet shownSubPlans = new BitSet();

    ExplainBuilder(PhysicalStatement statement, PlanNames names, boolean verbose) {
        this.statement = statement;
        this.names = names;
        this.verbose = verbose;
    }

    ExplainNode root() {
        ExplainNode root = build(statement.root());
        int position = 0;
        for (PhysicalStatement.CommonTablePlan table : statement.commonTables()) {
            ExplainNode node = build(table.plan());
            node.label = "CTE " + PlanNames.quote(table.name());
            node.relationship = "InitPlan";
            root.children.add(position++, node);
        }
        return root;
    }

    private ExplainNode build(PhysicalPlan plan) {
        return switch (plan) {
            case PhysicalPlan.Project p -> subPlans(build(p.input()), p.expressions());
            case PhysicalPlan.Filter p -> filter(p);
            case PhysicalPlan.SeqScan p -> scan(p, "Seq Scan", p.target(), p.filter());
            case PhysicalPlan.SampleScan p -> scan(p, "Sample Scan", p.target(), null)
                    .with("Sampling", (p.bernoulli() ? "bernoulli (" : "system (")
                            + names.text(p.percent(), List.of(), List.of()) + ")")
                    .with("Filter", p.filter() == null ? null : names.text(p.filter(), names.ownAttributes(p.target()),
                            List.of()));
            case PhysicalPlan.TidScan p -> scan(p, "Tid Scan", p.target(), p.filter());
            case PhysicalPlan.IndexScan p -> index(p, "Index Scan", p.target(), p.condition(), p.backward(),
                    p.filter());
            case PhysicalPlan.IndexOnlyScan p -> index(p, "Index Only Scan", p.target(), p.condition(), p.backward(),
                    p.filter());
            case PhysicalPlan.PointLookup p -> subPlans(index(p, "Index Scan", p.target(),
                    new IndexCondition(p.index(), p.key().stream().map(IndexCondition.Equality::of).toList(), null,
                            null), false, p.filter()), p.expressions());
            case PhysicalPlan.BitmapScan p -> {
                ExplainNode node = scan(p, "Bitmap Heap Scan", p.target(), null)
                        .with("Recheck Cond", recheck(p.bitmap(), p.target()))
                        .with("Filter", p.filter() == null ? null : names.text(p.filter(),
                                names.ownAttributes(p.target()), List.of()));
                yield subPlans(node.child(bitmap(p.bitmap(), p.target()), "Outer"), one(p.filter()));
            }
            case PhysicalPlan.ValuesScan p -> node(p, "Values Scan", "Values Scan on \"*VALUES*\"");
            case PhysicalPlan.FunctionScan p -> {
                Expr call = p.functions().getFirst().call();
                String name = call instanceof Expr.FunctionCall f ? " on " + PlanNames.quote(f.function().name()) : "";
                yield subPlans(node(p, "Function Scan", "Function Scan" + name),
                        p.functions().stream().map(PhysicalPlan.TableFunction::call).toList());
            }
            case PhysicalPlan.Result p -> subPlans(subPlans(node(p, "Result", "Result").with("One-Time Filter",
                    p.oneTimeFilter() == null ? null : names.text(p.oneTimeFilter(), List.of(), List.of())),
                    p.expressions()), one(p.oneTimeFilter()));
            case PhysicalPlan.ProjectSet p -> subPlans(node(p, "ProjectSet", "ProjectSet")
                    .child(build(p.input()), "Outer"), p.expressions());
            case PhysicalPlan.NestedLoop p -> join(p, "Nested Loop", p.type(), p.left(), p.right(), null,
                    p.condition());
            case PhysicalPlan.HashJoin p -> hashJoin(p);
            case PhysicalPlan.MergeJoin p -> {
                List<String> left = names.of(p.left());
                List<String> right = names.of(p.right());
                List<String> keys = new ArrayList<>();
                for (int i = 0; i < p.leftKeys().size(); i++) {
                    keys.add("(" + left.get(p.leftKeys().get(i).column()) + " = "
                            + right.get(p.rightKeys().get(i).column()) + ")");
                }
                yield join(p, "Merge", p.type(), p.left(), p.right(), and("Merge Cond", keys), p.condition());
            }
            case PhysicalPlan.Sort p -> node(p, "Sort", "Sort").with("Sort Key", names.keys(p.keys(), p.input()))
                    .child(build(p.input()), "Outer");
            case PhysicalPlan.IncrementalSort p -> node(p, "Incremental Sort", "Incremental Sort")
                    .with("Sort Key", names.keys(p.keys(), p.input()))
                    .with("Presorted Key", names.keys(p.keys().subList(0, p.presorted()), p.input()))
                    .child(build(p.input()), "Outer");
            case PhysicalPlan.TopN p -> node(p, "Limit", "Limit").child(sortBelow(p), "Outer");
            case PhysicalPlan.Limit p -> subPlans(node(p, "Limit", "Limit").child(build(p.input()), "Outer"),
                    one(p.limit() == null ? p.offset() : p.limit()));
            case PhysicalPlan.Distinct p -> p.sorted() ? node(p, "Unique", "Unique").child(build(p.input()), "Outer")
                    : node(p, "Aggregate", "HashAggregate").with("Group Key", pick(p.columns(), p.input()))
                            .child(build(p.input()), "Outer");
            case PhysicalPlan.Aggregate p -> aggregate(p);
            case PhysicalPlan.WindowAggregate p -> subPlans(node(p, "WindowAgg", "WindowAgg")
                    .child(build(p.input()), "Outer"), List.copyOf(p.calls()));
            case PhysicalPlan.Append p -> members(node(p, "Append", "Append"), p.inputs());
            case PhysicalPlan.MergeAppend p -> members(node(p, "Merge Append", "Merge Append")
                    .with("Sort Key", names.keys(p.keys(), p.inputs().getFirst())), p.inputs());
            case PhysicalPlan.SetOperation p -> {
                String what = switch (p.operator()) {
                    case INTERSECT -> "Intersect";
                    case EXCEPT -> "Except";
                    case UNION -> "Union";
                };
                yield node(p, "SetOp", "HashSetOp " + what + (p.all() ? " All" : "")).child(build(p.left()), "Outer")
                        .child(build(p.right()), "Inner");
            }
            case PhysicalPlan.RecursiveUnion p -> node(p, "Recursive Union", "Recursive Union")
                    .child(build(p.start()), "Outer").child(build(p.recursive()), "Inner");
            case PhysicalPlan.WorkTableScan p -> node(p, "WorkTable Scan", "WorkTable Scan");
            case PhysicalPlan.CteScan p -> node(p, "CTE Scan", "CTE Scan on " + PlanNames.quote(p.name()));
            case PhysicalPlan.Materialize p -> node(p, "Materialize", "Materialize").child(build(p.input()), "Outer");
            case PhysicalPlan.LockRows p -> node(p, "LockRows", "LockRows").child(build(p.input()), "Outer");
            case ModifyTable p -> modify(p);
        };
    }

    private static ExplainNode members(ExplainNode node, List<ExplainNode> inputs, String relationship) {
        inputs.forEach(input -> node.child(input, relationship));
        return node;
    }

    private ExplainNode members(ExplainNode node, List<PhysicalPlan> inputs) {
        return members(node, inputs.stream().map(this::build).toList(), "Member");
    }

    private ExplainNode node(PhysicalPlan plan, String type, String title) {
        ExplainNode node = new ExplainNode(type, title, plan.info());
        if (verbose) {
            node.with("Output", List.of(String.join(", ", names.of(plan))));
        }
        return node;
    }

    private static List<Expr> one(Expr expr) {
        return expr == null ? List.of() : List.of(expr);
    }

    private List<String> pick(List<Integer> columns, PhysicalPlan input) {
        List<String> all = names.of(input);
        return columns.stream().map(all::get).toList();
    }

    // ---- scans

    private static String relation(ScanTarget target) {
        String name = PlanNames.quote(target.relation().name());
        return target.alias() == null || target.alias().equals(target.relation().name()) ? name
                : name + " " + PlanNames.quote(target.alias());
    }

    private ExplainNode scan(PhysicalPlan plan, String type, ScanTarget target, Expr filter) {
        ExplainNode node = node(plan, type, type + " on " + relation(target));
        node.with("Filter", filter == null ? null : names.text(filter, names.ownAttributes(target), List.of()));
        return subPlans(node, one(filter));
    }

    private ExplainNode index(PhysicalPlan plan, String type, ScanTarget target, IndexCondition condition,
            boolean backward, Expr filter) {
        String title = type + (backward ? " Backward" : "") + " using " + PlanNames.quote(condition.index().name())
                + " on " + relation(target);
        ExplainNode node = node(plan, type, title);
        node.with("Index Cond", condition(condition, target));
        node.with("Filter", filter == null ? null : names.text(filter, names.ownAttributes(target), List.of()));
        return subPlans(subPlans(node, one(filter)), bounds(condition));
    }

    private static List<Expr> bounds(IndexCondition c) {
        List<Expr> result = new ArrayList<>();
        c.equals().forEach(e -> result.addAll(e.values()));
        for (IndexCondition.Bound bound : new IndexCondition.Bound[] {c.lower(), c.upper()}) {
            if (bound != null && bound.value() != null) {
                result.add(bound.value());
            }
        }
        return result;
    }

    /** Null if the whole index is read. */
    private String condition(IndexCondition c, ScanTarget target) {
        List<String> parts = new ArrayList<>();
        List<IndexColumn> columns = c.index().keyColumns();
        for (int i = 0; i < c.equals().size(); i++) {
            IndexCondition.Equality e = c.equals().get(i);
            String column = names.indexColumn(target, columns.get(i));
            if (e.isNull()) {
                parts.add("(" + column + " IS NULL)");
            } else if (e.array()) {
                parts.add("(" + column + " = ANY (" + text(e.values().getFirst()) + "))");
            } else if (e.values().size() == 1) {
                parts.add("(" + column + " = " + text(e.values().getFirst()) + ")");
            } else {
                parts.add("(" + column + " = ANY (ARRAY[" + String.join(", ", e.values().stream().map(this::text)
                        .toList()) + "]))");
            }
        }
        bound(c.lower(), ">", c, target, parts);
        bound(c.upper(), "<", c, target, parts);
        return parts.isEmpty() ? null : joined(parts);
    }

    private void bound(IndexCondition.Bound bound, String operator, IndexCondition c, ScanTarget target,
            List<String> parts) {
        if (bound == null) {
            return;
        }
        String column = names.indexColumn(target, c.index().keyColumns().get(c.equals().size()));
        parts.add(bound.value() == null ? "(" + column + " IS NOT NULL)"
                : "(" + column + " " + operator + (bound.inclusive() ? "= " : " ") + text(bound.value()) + ")");
    }

    private String text(Expr expr) {
        return names.text(expr, List.of(), List.of());
    }

    private static String joined(List<String> parts) {
        return parts.size() == 1 ? parts.getFirst() : "(" + String.join(" AND ", parts) + ")";
    }

    private String recheck(BitmapNode node, ScanTarget target) {
        return switch (node) {
            case BitmapNode.BitmapIndexScan scan -> condition(scan.condition(), target);
            case BitmapNode.BitmapAnd and -> joined(and.inputs().stream().map(i -> recheck(i, target)).toList());
            case BitmapNode.BitmapOr or -> "(" + String.join(" OR ", or.inputs().stream().map(i -> recheck(i, target))
                    .toList()) + ")";
        };
    }

    private ExplainNode bitmap(BitmapNode node, ScanTarget target) {
        return switch (node) {
            case BitmapNode.BitmapIndexScan scan -> new ExplainNode("Bitmap Index Scan", "Bitmap Index Scan on "
                    + PlanNames.quote(scan.condition().index().name()), scan.info())
                    .with("Index Cond", condition(scan.condition(), target));
            case BitmapNode.BitmapAnd and -> members(new ExplainNode("BitmapAnd", "BitmapAnd", and.info()),
                    and.inputs().stream().map(i -> bitmap(i, target)).toList(), "Member");
            case BitmapNode.BitmapOr or -> members(new ExplainNode("BitmapOr", "BitmapOr", or.info()),
                    or.inputs().stream().map(i -> bitmap(i, target)).toList(), "Member");
        };
    }

    // ---- others

    private ExplainNode filter(PhysicalPlan.Filter p) {
        ExplainNode node = build(p.input());
        if (p.oneTime() != null) {
            ExplainNode result = node(p, "Result", "Result").with("One-Time Filter",
                    names.text(p.oneTime(), List.of(), List.of()));
            subPlans(result, one(p.oneTime()));
            node = result.child(node, "Outer");
        }
        if (p.condition() != null) {
            node.with("Filter", names.text(p.condition(), names.of(p.input()), List.of()));
            node.nodeIds.add(p.info().nodeId());
            subPlans(node, one(p.condition()));
        }
        return node;
    }

    private static String joinName(String method, JoinType type) {
        String word = switch (type) {
            case INNER -> "";
            case LEFT -> " Left";
            case RIGHT -> " Right";
            case FULL -> " Full";
            case SEMI -> " Semi";
            case ANTI -> " Anti";
        };
        if (method.equals("Nested Loop")) {
            return word.isEmpty() ? method : method + word + " Join";
        }
        return method + word + " Join";
    }

    private static ExplainNode.Property and(String label, List<String> parts) {
        return new ExplainNode.Property(label, joined(parts));
    }

    private ExplainNode join(PhysicalPlan plan, String method, JoinType type, PhysicalPlan left, PhysicalPlan right,
            ExplainNode.Property keys, Expr condition) {
        String jsonType = method.equals("Nested Loop") ? method : method + " Join";
        ExplainNode node = node(plan, jsonType, joinName(method, type));
        if (keys != null) {
            node.properties.add(keys);
        }
        node.with("Join Filter", condition == null ? null
                : names.text(condition, names.of(left), names.of(right)));
        node.child(build(left), "Outer").child(build(right), "Inner");
        return subPlans(node, one(condition));
    }

    private ExplainNode hashJoin(PhysicalPlan.HashJoin p) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < p.leftKeys().size(); i++) {
            keys.add("(" + names.text(p.leftKeys().get(i), names.of(p.left()), List.of()) + " = "
                    + names.text(p.rightKeys().get(i), names.of(p.right()), List.of()) + ")");
        }
        ExplainNode node = join(p, "Hash", p.type(), p.left(), p.right(), and("Hash Cond", keys), p.condition());
        ExplainNode inner = node.children.get(1);
        ExplainNode hash = new ExplainNode("Hash", "Hash",
                new io.quantadb.planner.physical.PlanInfo(inner.info.nodeId(),
                inner.info.output(), inner.info.totalCost(), inner.info.totalCost(), inner.info.rows(),
                inner.info.width())).child(inner, "Outer");
        hash.relationship = "Inner";
        node.children.set(1, hash);
        return node;
    }

    private ExplainNode sortBelow(PhysicalPlan.TopN p) {
        ExplainNode sort = new ExplainNode("Sort", "Sort", p.info());
        return sort.with("Sort Key", names.keys(p.keys(), p.input())).child(build(p.input()), "Outer");
    }

    private ExplainNode aggregate(PhysicalPlan.Aggregate p) {
        boolean several = p.groupingSets().size() > 1;
        String title = switch (p.strategy()) {
            case PLAIN -> "Aggregate";
            case SORTED -> p.aggregates().isEmpty() ? "Group" : "GroupAggregate";
            case HASHED -> several && p.groupingSets().stream().anyMatch(List::isEmpty) ? "MixedAggregate"
                    : "HashAggregate";
        };
        ExplainNode node = node(p, p.strategy() == AggregateStrategy.SORTED && p.aggregates().isEmpty() ? "Group"
                : "Aggregate", title);
        List<String> keys = pick(p.groupColumns(), p.input());
        if (several) {
            for (List<Integer> set : p.groupingSets()) {
                if (set.isEmpty()) {
                    node.properties.add(new ExplainNode.Property("Group Key", List.of("()")));
                } else {
                    node.with("Hash Key", set.stream().map(keys::get).toList());
                }
            }
        } else {
            node.with("Group Key", keys);
        }
        return subPlans(node.child(build(p.input()), "Outer"), List.copyOf(p.aggregates()));
    }

    private ExplainNode modify(ModifyTable p) {
        String verb = switch (p.operation()) {
            case INSERT -> "Insert";
            case UPDATE -> "Update";
            case DELETE -> "Delete";
            case MERGE -> "Merge";
        };
        ExplainNode node = node(p, "ModifyTable", verb + " on " + PlanNames.quote(p.targets().getFirst().relation()
                .name()));
        if (p.onConflict() != null) {
            node.with("Conflict Resolution", p.onConflict().update() ? "UPDATE" : "NOTHING");
            List<String> arbiters = new ArrayList<>();
            for (ModifyTable.IndexTarget target : p.targets().getFirst().indexes()) {
                if (p.onConflict().arbiters().contains(target.index().oid())) {
                    arbiters.add(PlanNames.quote(target.index().name()));
                }
            }
            node.with("Conflict Arbiter Indexes", arbiters);
        }
        return subPlans(node.child(build(p.input()), "Outer"), p.returning());
    }

    // ---- subplans

    /** Adds the subplans that these expressions read. */
    private ExplainNode subPlans(ExplainNode node, List<Expr> exprs) {
        for (Expr expr : exprs) {
            if (expr != null) {
                addSubPlans(node, expr);
            }
        }
        return node;
    }

    private void addSubPlans(ExplainNode node, Expr expr) {
        if (expr instanceof Expr.ExecParameter p) {
            for (SubPlan subPlan : statement.subPlans()) {
                if (subPlan.parameterId() == p.id() && !shownSubPlans.get(p.id())) {
                    shownSubPlans.set(p.id());
                    ExplainNode child = build(subPlan.plan());
                    boolean init = subPlan.isInitPlan();
                    child.label = init ? subPlan.name() + " (returns $" + p.id() + ")" : subPlan.name();
                    child.relationship = init ? "InitPlan" : "SubPlan";
                    int before = (int) node.children.stream().filter(c -> "InitPlan".equals(c.relationship)).count();
                    node.children.add(init ? before : node.children.size(), child);
                }
            }
        }
        Exprs.forEachChild(expr, e -> addSubPlans(node, e));
    }
}
