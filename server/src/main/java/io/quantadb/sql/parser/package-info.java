/** Text to syntax tree: a lexer and a recursive-descent parser written by hand, for the SQL of PostgreSQL 15. */
package io.quantadb.sql.parser;
