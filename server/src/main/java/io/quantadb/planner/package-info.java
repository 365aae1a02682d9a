/** Turns typed queries into physical plans. See README.md. */
package io.quantadb.planner;
