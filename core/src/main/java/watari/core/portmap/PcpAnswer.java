package watari.core.portmap;

import java.util.List;
import watari.core.nat.Grant;

/// What becomes of a PCP request.
sealed interface PcpAnswer {

  /// It is met; mostly with one reply, and with one for each mapping that it was about.
  record Met(List<PcpReply> replies) implements PcpAnswer {
    public Met {
      replies = List.copyOf(replies);
    }

    Met(PcpReply reply) {
      this(List.of(reply));
    }
  }

  /// It is refused, and nothing has changed.
  ///
  /// @param lifetimeSeconds how long it need not be sent again
  record Denied(PcpResult why, long lifetimeSeconds) implements PcpAnswer {
    Denied(PcpResult why) {
      this(why, why.lifetimeSeconds());
    }
  }

  /// What the allocator's refusal is in this protocol.
  ///
  /// @param takenSeconds how long whoever has the wanted port will have it
  static Denied of(Grant.Refusal why, long takenSeconds) {
    return switch (why) {
      case NOT_IN_SET, KEPT_BACK -> new Denied(PcpResult.CANNOT_PROVIDE_EXTERNAL);
      case TAKEN -> new Denied(PcpResult.CANNOT_PROVIDE_EXTERNAL, takenSeconds);
      case NONE_FREE -> new Denied(PcpResult.NO_RESOURCES);
      case HOST_LIMIT -> new Denied(PcpResult.USER_EX_QUOTA);
    };
  }
}
