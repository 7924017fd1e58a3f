/** The command {@code chaos}: two controllers under kills, people, faults and damage, and a check from git alone. */
package sandbox.chaos;
