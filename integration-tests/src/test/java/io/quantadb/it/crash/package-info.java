/** Kills the server under load and checks what it kept. */
package io.quantadb.it.crash;
