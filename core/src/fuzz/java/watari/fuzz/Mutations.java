package watari.fuzz;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Feeds a fuzz target with inputs near its seeds, so that every test run looks for faults and not
/// only a run of Jazzer's. The seed of the randomness is printed; `-Dwatari.seed=N` repeats a run,
/// `-Dfuzz.inputs=N` makes it longer or shorter.
public final class Mutations {
  private static final int CHANGES_MAX = 4;
  private static final int CHUNK_MAX = 24;

  /// Where lengths, ports and numbers like to go wrong.
  private static final int[] BYTES = {
    0, 1, 2, 4, 8, 0x0f, 0x10, 0x40, 0x7f, 0x80, 0xc0, 0xfe, 0xff
  };

  private final List<byte[]> seeds;
  private final SplittableRandom random;

  private Mutations(List<byte[]> seeds, SplittableRandom random) {
    this.seeds = seeds;
    this.random = random;
  }

  /// Gives the target its seeds as they are, and then so many inputs near them.
  public static void feed(Stream<byte[]> seeds, int inputs, Consumer<byte[]> target) {
    List<byte[]> all = seeds.toList();
    long seed = Long.getLong("watari.seed", new SplittableRandom().nextLong());
    System.out.println("random input of -Dwatari.seed=" + seed);
    all.forEach(input -> feed(input, target));
    var mutations = new Mutations(all, new SplittableRandom(seed));
    for (int i = Integer.getInteger("fuzz.inputs", inputs); i > 0; i--) {
      feed(mutations.next(), target);
    }
  }

  private static void feed(byte[] input, Consumer<byte[]> target) {
    byte[] given = input.clone();
    try {
      target.accept(input);
    } catch (RuntimeException | Error wrong) {
      throw new AssertionError("on the input " + HexFormat.of().formatHex(given), wrong);
    }
  }

  private byte[] next() {
    byte[] input = any().clone();
    for (int i = random.nextInt(CHANGES_MAX); i >= 0; i--) {
      input = changed(input);
    }
    return input;
  }

  private byte[] any() {
    return seeds.get(random.nextInt(seeds.size()));
  }

  private byte[] changed(byte[] input) {
    int at = random.nextInt(input.length + 1);
    int rest = input.length - at;
    int chunk = Math.min(rest, 1 + random.nextInt(CHUNK_MAX));
    return switch (random.nextInt(9)) {
      case 0 -> flipped(input, at);
      case 1 -> replaced(input, at, 1, (byte) BYTES[random.nextInt(BYTES.length)]);
      case 2 -> replaced(input, at, 1, (byte) random.nextInt(256));
      case 3 -> replaced(input, at, 0, noise(1 + random.nextInt(CHUNK_MAX)));
      case 4 -> replaced(input, at, chunk);
      case 5 -> replaced(input, at, 0, Arrays.copyOfRange(input, at, at + chunk));
      case 6 -> replaced(input, at, rest, piece(any()));
      case 7 -> replaced(input, at, chunk, piece(any()));
      default -> Arrays.copyOf(input, at);
    };
  }

  private byte[] flipped(byte[] input, int at) {
    if (at < input.length) {
      input[at] ^= (byte) (1 << random.nextInt(8));
    }
    return input;
  }

  private byte[] noise(int length) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  private byte[] piece(byte[] other) {
    int from = random.nextInt(other.length + 1);
    return Arrays.copyOfRange(other, from, from + random.nextInt(other.length - from + 1));
  }

  /// The input with other bytes in the place of `length` bytes, or of as many as there are.
  private static byte[] replaced(byte[] input, int at, int length, byte... other) {
    int end = Math.min(input.length, at + length);
    byte[] replaced = Arrays.copyOf(input, at + other.length + input.length - end);
    System.arraycopy(other, 0, replaced, at, other.length);
    System.arraycopy(input, end, replaced, at + other.length, input.length - end);
    return replaced;
  }
}
