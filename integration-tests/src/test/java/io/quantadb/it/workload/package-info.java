/** Clients that run transactions on one or more servers and take down what they saw, for the checkers of histories. */
package io.quantadb.it.workload;
