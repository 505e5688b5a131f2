/// What the lab shows on a line that works: each [Step] says what it shows, does it with real
/// traffic, and gives back the addresses and ports that it saw.
package watari.lab.proof;
