/** Verifies finished plans in tests. */
package io.quantadb.planner.check;
