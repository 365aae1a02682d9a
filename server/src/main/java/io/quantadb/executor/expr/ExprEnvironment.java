package io.quantadb.executor.expr;

import io.quantadb.function.FunctionRegistry;
import io.quantadb.sql.typed.Expr;
import io.quantadb.sql.typed.FunctionRef;
import io.quantadb.types.PgType;
import java.util.List;

/**
 * What compiling expressions needs to look up. Implemented by the executor and, for domains and user functions, the
 * session.
 */
public interface ExprEnvironment {
    FunctionRegistry functions();

    /** Descriptor of a type by oid, null if there is none. */
    PgType type(int oid);

    /**
     * Constraints of a domain and of the domains below it, in the order they are checked.
     *
     * @param domainOid a domain
     */
    default DomainConstraints domain(int domainOid) {
        throw io.quantadb.error.SqlException.notSupported("domains are not supported here");
    }

    /** Evaluator of the subplan that {@code ExecParameter(parameterId)} reads; null if that is a plain slot. */
    default ScalarEvaluator subPlan(int parameterId, ExprCompiler compiler) {
        return null;
    }

    /** Whether {@code ExecParameter(parameterId)} reads a subplan rather than a plain slot. */
    default boolean isSubPlan(int parameterId) {
        return false;
    }

    /** Implementation of a function that is not in language internal. */
    default UserFunction userFunction(FunctionRef function, List<PgType> argumentTypes, PgType resultType) {
        throw io.quantadb.error.SqlException.notSupported(
                "functions in language \"" + function.language() + "\" are not supported here");
    }

    /** @param notNull a domain's own or inherited NOT NULL */
    record DomainConstraints(String schema, String name, boolean notNull, List<Check> checks) {
        /** @param condition over {@link Expr.DomainValue} */
        public record Check(String name, Expr condition) {
        }
    }

    /** A function written in SQL or PL/pgSQL. */
    @FunctionalInterface
    interface UserFunction {
        /** Strictness was checked; for set-returning ones a {@code SetFunction.RowCursor} is returned. */
        Object call(io.quantadb.executor.QueryContext query, Object[] arguments);

        /** Types of a set's columns where the function knows them better than its result type; null otherwise. */
        default PgType[] resultColumns() {
            return null;
        }
    }
}
