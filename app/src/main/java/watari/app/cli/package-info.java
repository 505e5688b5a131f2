/// The verbs of the command line.
package watari.app.cli;
