package watari.core.path;

import java.util.List;
import watari.core.verdict.Verdict;

/// A gateway on a line with an address of its own, on the bench: its packets come in by `home` and
/// `line`, and leave by these and by `machine`.
final class NativeBench extends Bench {
  private final Native plain;

  NativeBench(Scenario.Settings settings) {
    plain = settings.plain(outbox("home"), outbox("line"), outbox("machine"));
  }

  @Override
  Verdict judge(String door, long at, int bytes, long now) {
    return switch (door) {
      case "home" -> plain.outbound(at, bytes, now);
      case "line" -> plain.inbound(at, bytes, now);
      case "device" ->
          plain.isOfHome(at) ? plain.outbound(at, bytes, now) : plain.inbound(at, bytes, now);
      default -> throw new IllegalArgumentException("a native gateway has no door " + door);
    };
  }

  @Override
  void tick(long now) {
    plain.tick(now);
  }

  @Override
  public void close() {
    plain.close();
    super.close();
  }

  @Override
  List<Way> ways() {
    return List.of(
        new Way("outbound", plain.outboundTally()), new Way("inbound", plain.inboundTally()));
  }
}
