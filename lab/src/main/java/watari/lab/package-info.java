/// The command line of the lab.
package watari.lab;
