/**
 * Offline verification: is what a data directory holds consistent? Pages first, then indexes and tables against each
 * other. Works on an opened system that nobody else uses; knows neither how it was opened nor who reads the report.
 */
package io.quantadb.verify;
