package io.quantadb.sql.ast;

/** A complete SQL statement. The direct families are sealed too, so that a switch over all statements is checked. */
public sealed interface Statement extends Node
        permits Query, DataStatement, TableStatement, SchemaStatement, RoutineStatement, ObjectStatement,
                AccessStatement, TransactionStatement, SessionStatement, MaintenanceStatement {
}
