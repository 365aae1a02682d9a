/**
 * One client's session: settings, transaction block, prepared statements, portals, dispatch and cancellation. Knows no
 * sockets and no bytes of the protocol.
 */
package io.quantadb.session;
