package io.quantadb.catalog;

/**
 * One row of {@code pg_aggregate}; names refer to {@code pg_proc.proname}.
 *
 * @param functionOid {@code aggfnoid}
 * @param kind n normal, o ordered-set, h hypothetical-set
 * @param directArgs number of direct arguments of ordered-set aggregates
 * @param transitionFunction oid
 * @param finalFunction oid, 0 if the state is the result
 * @param combineFunction oid, 0 if none
 * @param sortOperator oid of the operator that makes it the first value of an index (min, max), 0 if none
 * @param stateType oid
 * @param initialValue text of the initial state, null for none
 */
public record AggregateDescriptor(int functionOid, char kind, int directArgs, int transitionFunction,
        int finalFunction, int combineFunction, int serialFunction, int deserialFunction, int movingTransition,
        int movingInverse, int movingFinal, int sortOperator, int stateType, int movingStateType, String initialValue,
        String movingInitialValue, boolean finalExtra, char finalModify) {
}
