package watari.app.cli;

/// What the process says to its caller.
final class ExitCode {
  static final int OK = 0;
  static final int FAILURE = 1;

  /// The command line, a file or a line of input is wrong.
  static final int WRONG_USAGE = 2;

  /// The answer is no: not MAP-E, nobody there.
  static final int NO = 3;

  /// A mistake of our own (sysexits' EX_SOFTWARE).
  static final int OUR_MISTAKE = 70;

  /// Whoever read the output has ended, as a shell reports it (128 + SIGPIPE).
  static final int READER_GONE = 141;

  private ExitCode() {}
}
