package watari.app.cli;

import java.io.IOException;
import java.io.InputStream;

/// Reads lines of bytes in large pieces, without making an object a line.
final class Lines {
  /// A longer line is none of ours.
  static final int LINE_MAX = 1 << 12;

  private static final int PIECE = 1 << 16;

  private final InputStream in;
  private final Reader reader;
  private final byte[] bytes = new byte[PIECE + LINE_MAX];
  private int filled;
  private long number;
  private boolean isSkipping;

  Lines(InputStream in, Reader reader) {
    this.in = in;
    this.reader = reader;
  }

  /// Takes the lines.
  interface Reader {

    /// Takes a line that is not blank, in `bytes` from `from` to before `to`, without the spaces
    /// around it.
    ///
    /// @param number of the line, counted from 1
    void line(byte[] bytes, int from, int to, long number);

    /// Is told of a line longer than [#LINE_MAX].
    void tooLong(long number);

    /// Everything there was is read, and what comes next may take long: time to write answers.
    void pause() throws IOException;
  }

  /// Reads up to the end of the input.
  void read() throws IOException {
    int more;
    while ((more = in.read(bytes, filled, PIECE)) >= 0) {
      filled += more;
      split();
      reader.pause();
    }
    if (filled > 0) {
      hand(0, filled);
    }
    reader.pause();
  }

  /// Hands out the whole lines and moves the rest to the front.
  private void split() {
    int from = 0;
    for (int i = 0; i < filled; i++) {
      if (bytes[i] == '\n') {
        hand(from, i);
        from = i + 1;
      }
    }
    int rest = filled - from;
    if (rest > LINE_MAX) {
      if (!isSkipping) {
        reader.tooLong(number + 1);
      }
      isSkipping = true;
      rest = 0;
    }
    System.arraycopy(bytes, filled - rest, bytes, 0, rest);
    filled = rest;
  }

  private void hand(int from, int to) {
    number++;
    if (isSkipping) {
      isSkipping = false;
      return;
    }
    int first = from;
    int end = to;
    while (first < end && bytes[first] <= ' ' && bytes[first] >= 0) {
      first++;
    }
    while (end > first && bytes[end - 1] <= ' ' && bytes[end - 1] >= 0) {
      end--;
    }
    if (end - first > LINE_MAX) {
      reader.tooLong(number);
    } else if (first < end) {
      reader.line(bytes, first, end, number);
    }
  }
}
