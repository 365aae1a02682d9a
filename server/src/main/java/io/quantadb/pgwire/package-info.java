/**
 * PostgreSQL's frontend/backend protocol 3.0: framing, startup, authentication, TLS, encoding of rows. See the README
 * beside this file.
 */
package io.quantadb.pgwire;
