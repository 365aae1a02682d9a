package io.quantadb.sql.typed;

/** OVERRIDING of an INSERT. */
public enum OverrideKind { NOT_SET, USER_VALUE, SYSTEM_VALUE }
