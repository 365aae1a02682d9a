package io.quantadb.planner.logical;

import io.quantadb.planner.physical.SubPlan;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * The values a plan below takes from the row above it: which slot holds which expression.
 *
 * <p>The plan below asks for expressions (as seen from the level above); whoever runs it reads {@link #bindings()}
 * afterwards and fills the slots. Confined to one planning.
 */
public final class ParamScope {
    private final IntSupplier ids;
    private final Function<Expr, Expr> passThrough;
    private final Map<Object, Expr.ExecParameter> known = new HashMap<>();
    private final List<SubPlan.Binding> bindings = new ArrayList<>();

    /** @param passThrough answers expressions that need no slot here; returns null for the others */
    public ParamScope(IntSupplier ids, Function<Expr, Expr> passThrough) {
        this.ids = ids;
        this.passThrough = passThrough;
    }

    public ParamScope(IntSupplier ids) {
        this(ids, _ -> null);
    }

    /** The parameter that holds {@code expr}. */
    public Expr parameter(Expr expr) {
        Expr direct = passThrough.apply(expr);
        if (direct != null) {
            return direct;
        }
        return known.computeIfAbsent(ColumnKey.lookup(expr), _ -> {
            int id = ids.getAsInt();
            bindings.add(new SubPlan.Binding(id, expr));
            return new Expr.ExecParameter(id, expr.type(), expr.typmod(), expr.collation(), Origin.NONE);
        });
    }

    /** Adds slots that another scope has assigned. */
    public void include(List<SubPlan.Binding> others) {
        for (SubPlan.Binding binding : others) {
            if (!bindings.contains(binding)) {
                bindings.add(binding);
            }
        }
    }

    /** Slots and the expressions, of the level above, they are to hold. */
    public List<SubPlan.Binding> bindings() {
        return bindings;
    }
}
