/// A household with the programs that people run at home, none of them written here: what a game, a
/// VPN or a browser sees of the gateway, and what the gateway counts.
package watari.lab.household;
