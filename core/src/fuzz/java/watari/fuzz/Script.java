package watari.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// Reads an input of a fuzz target as one step after the other. Where the input ends, so do numbers
/// and packets: whatever the bytes are, they are a script.
///
/// ```
/// step   1 byte what to do, then its numbers
/// bytes  2 bytes length, then so many or as many as there are
/// ```
public final class Script {
  private final byte[] input;
  private int at;

  public Script(byte[] input) {
    this.input = input;
  }

  public boolean hasNext() {
    return at < input.length;
  }

  /// The next byte, 0 to 255; 0 behind the end.
  public int octet() {
    return at < input.length ? input[at++] & 0xff : 0;
  }

  /// 0 to 65,535.
  public int number() {
    return octet() << 8 | octet();
  }

  public byte[] bytes() {
    int length = number();
    int from = Math.min(at, input.length);
    at = Math.min(input.length, from + length);
    return Arrays.copyOfRange(input, from, at);
  }

  /// Writes what [Script] reads.
  public static final class Writer {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public Writer octet(int value) {
      out.write(value);
      return this;
    }

    public Writer number(int value) {
      return octet(value >> 8).octet(value);
    }

    public Writer bytes(byte[] bytes) {
      number(bytes.length);
      out.writeBytes(bytes);
      return this;
    }

    public byte[] toBytes() {
      return out.toByteArray();
    }
  }
}
