/// The verbs of the command line: arguments become questions, answers become text or JSON lines.
package watari.app.cli;
