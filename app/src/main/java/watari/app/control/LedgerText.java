package watari.app.control;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The bytes of a ledger: a line that says what it is, then a record a line. A person can read it.
///
/// ```
/// watari state 1
/// 5d0e81f3 0000002b {"device":"...","set":{...}}      CRC-32C, length, new values by their keys
/// 0c3f8a11 00000019 {"lease tcp 5472":null}           null: the key is gone
/// ```
///
/// The first record is a snapshot of everything, the others change it.
final class LedgerText {
  private static final byte[] HEAD = "watari state 1\n".getBytes(StandardCharsets.US_ASCII);

  /// Two numbers of eight digits, each with a space behind.
  private static final int FRAME = 18;

  private static final HexFormat HEX = HexFormat.of();

  private LedgerText() {}

  /// What a ledger's bytes say.
  ///
  /// @param entries all values by their keys
  /// @param length of the part that is whole; 0 where not even the snapshot is
  /// @param snapshotLength of that part, what the snapshot has
  record Reading(SortedMap<String, JsonNode> entries, int length, int snapshotLength) {}

  /// Reads up to the first record that is not whole: the process may have died while it wrote it.
  static Reading read(byte[] bytes) {
    var entries = new TreeMap<String, JsonNode>();
    int at = startsWithHead(bytes) ? HEAD.length : bytes.length;
    int whole = 0;
    int snapshotLength = 0;
    while (at < bytes.length) {
      int end = end(bytes, at);
      if (end < 0 || !take(bytes, at + FRAME, end - 1, entries)) {
        break;
      }
      snapshotLength = whole == 0 ? end : snapshotLength;
      whole = end;
      at = end;
    }
    return new Reading(entries, whole, snapshotLength);
  }

  private static boolean startsWithHead(byte[] bytes) {
    return bytes.length >= HEAD.length
        && Arrays.equals(bytes, 0, HEAD.length, HEAD, 0, HEAD.length);
  }

  /// Where the record that begins at `at` ends, or -1 when it is not whole.
  private static int end(byte[] bytes, int at) {
    if (bytes.length - at < FRAME) {
      return -1;
    }
    String frame = new String(bytes, at, FRAME, StandardCharsets.US_ASCII);
    if (!frame.matches("[0-9a-f]{8} [0-9a-f]{8} ")) {
      return -1;
    }
    long end = at + FRAME + HexFormat.fromHexDigitsToLong(frame, 9, 17) + 1;
    return end <= bytes.length
            && bytes[(int) end - 1] == '\n'
            && HexFormat.fromHexDigits(frame, 0, 8) == sum(bytes, at + 9, (int) end)
        ? (int) end
        : -1;
  }

  private static boolean take(byte[] bytes, int from, int to, SortedMap<String, JsonNode> entries) {
    try {
      JsonNode changes = JsonMapper.shared().readTree(bytes, from, to - from);
      changes.properties().forEach(change -> change(entries, change.getKey(), change.getValue()));
      return changes.isObject();
    } catch (JacksonException _) {
      return false;
    }
  }

  /// A null takes the key away.
  static void change(SortedMap<String, JsonNode> entries, String key, JsonNode value) {
    if (value.isNull()) {
      entries.remove(key);
    } else {
      entries.put(key, value);
    }
  }

  /// The bytes of a ledger that has nothing but its snapshot.
  static byte[] snapshot(SortedMap<String, JsonNode> entries) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(HEAD);
    out.writeBytes(record(entries));
    return out.toByteArray();
  }

  /// The bytes of one record.
  static byte[] record(SortedMap<String, JsonNode> changes) {
    byte[] json = JsonMapper.shared().writeValueAsBytes(changes);
    byte[] record = new byte[FRAME + json.length + 1];
    record[8] = ' ';
    put(record, 9, json.length);
    record[17] = ' ';
    System.arraycopy(json, 0, record, FRAME, json.length);
    record[record.length - 1] = '\n';
    put(record, 0, sum(record, 9, record.length));
    return record;
  }

  private static void put(byte[] record, int at, int number) {
    byte[] digits = HEX.toHexDigits(number).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, record, at, digits.length);
  }

  private static int sum(byte[] bytes, int from, int to) {
    var crc = new CRC32C();
    crc.update(bytes, from, to - from);
    return (int) crc.getValue();
  }
}
