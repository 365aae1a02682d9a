package io.quantadb.catalog.cache;

/** One row of {@code pg_amproc}. */
record FamilyProcedure(int leftType, int rightType, int number, int functionOid) {
}
