/** Calendar arithmetic, time zones, and the text forms of dates, times and intervals. */
package io.quantadb.types.datetime;
