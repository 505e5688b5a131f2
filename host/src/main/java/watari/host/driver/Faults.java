package watari.host.driver;

import watari.core.net.Refused;

/// How a bad line treats packets, each in packets of a thousand.
///
/// @param loss gone
/// @param duplication there twice, one after the other
/// @param reordering one place later, behind the next packet
/// @param corruption one bit turned over
/// @param delay held back for 1 to `delayReceivesMax` receives, while others overtake
/// @param delayReceivesMax from 1; time is an argument here as well, so a delay is counted in calls
///   of `receive`
public record Faults(
    int loss, int duplication, int reordering, int corruption, int delay, int delayReceivesMax) {
  /// A line without faults, to start from.
  public static final Faults NONE = new Faults(0, 0, 0, 0, 0, 1);

  static final int THOUSAND = 1000;

  public Faults {
    refuse("loss", loss);
    refuse("duplication", duplication);
    refuse("reordering", reordering);
    refuse("corruption", corruption);
    refuse("delay", delay);
    if (delayReceivesMax < 1) {
      throw new Refused("a delay has 1 receive or more, not " + delayReceivesMax);
    }
  }

  private static void refuse(String fault, int permille) {
    if (permille < 0 || permille > THOUSAND) {
      throw new Refused(fault + " is 0 to 1000 packets of a thousand, not " + permille);
    }
  }

  public Faults withLoss(int permille) {
    return new Faults(permille, duplication, reordering, corruption, delay, delayReceivesMax);
  }

  public Faults withDuplication(int permille) {
    return new Faults(loss, permille, reordering, corruption, delay, delayReceivesMax);
  }

  public Faults withReordering(int permille) {
    return new Faults(loss, duplication, permille, corruption, delay, delayReceivesMax);
  }

  public Faults withCorruption(int permille) {
    return new Faults(loss, duplication, reordering, permille, delay, delayReceivesMax);
  }

  public Faults withDelay(int permille, int receivesMax) {
    return new Faults(loss, duplication, reordering, corruption, permille, receivesMax);
  }
}
