package io.quantadb.sql.typed;

/** What a {@link Query} does. */
public enum CommandType { SELECT, INSERT, UPDATE, DELETE, MERGE }
