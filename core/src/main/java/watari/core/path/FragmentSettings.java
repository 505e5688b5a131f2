package watari.core.path;

import watari.core.net.Refused;

/// What a gateway does about fragments.
///
/// @param memoryBytes for unfinished packets of every way together, and what is known about them; 2
///   MiB or more, so that the sixteenth of one source holds the longest packet there can be
/// @param idsInPortSet whether the identifications of packets that may be cut are confined to the
///   port set, so that no neighbour on the shared address uses the same (RFC 7597 §8.3.3). They run
///   out soon: this is for homes that seldom send fragments
public record FragmentSettings(int memoryBytes, boolean idsInPortSet) {

  public static final FragmentSettings DEFAULT = new FragmentSettings(4 << 20, false);

  public static final int MEMORY_MIN = 2 << 20;
  public static final int MEMORY_MAX = 1 << 30;

  public FragmentSettings {
    if (memoryBytes < MEMORY_MIN || memoryBytes > MEMORY_MAX) {
      throw new Refused(
          "the memory for fragments is "
              + MEMORY_MIN
              + " to "
              + MEMORY_MAX
              + " bytes, not "
              + memoryBytes);
    }
  }
}
