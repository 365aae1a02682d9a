/** Password verifiers, made by CREATE ROLE and checked at login. */
package io.quantadb.session.auth;
