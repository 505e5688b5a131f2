/// How a packet's way ends: passed on, answered, held, or dropped for one named reason.
package watari.core.verdict;
