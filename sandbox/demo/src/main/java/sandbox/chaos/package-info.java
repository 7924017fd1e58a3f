/**
 * The command {@code chaos}: a test of two controllers with kills, concurrent pushes, server faults and damaged clones,
 * and a check of the repository with git only.
 */
package sandbox.chaos;
