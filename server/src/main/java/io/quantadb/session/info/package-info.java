/** System information functions: what they tell comes from the session's catalog, settings and server. */
package io.quantadb.session.info;
