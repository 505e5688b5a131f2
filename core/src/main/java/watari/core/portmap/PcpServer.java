package watari.core.portmap;

import java.util.List;

/// The PCP server: requests of version 2 in, replies out (RFC 6887).
final class PcpServer {
  /// A client that tries one port after another is not answered faster than this (§11.3).
  private static final int FAILURES_PER_SECOND_MAX = 20;

  private final Epoch epoch;
  private final PcpMap map;
  private final PcpPeer peer;
  private final MappingUpdates updates;
  private final Rate failures = new Rate(FAILURES_PER_SECOND_MAX);

  PcpServer(Leases leases, PortControlSettings settings, Epoch epoch, MappingUpdates updates) {
    this.epoch = epoch;
    this.updates = updates;
    map = new PcpMap(leases, settings);
    peer = new PcpPeer(leases, settings);
  }

  /// @param packet of at least two bytes, with this version and no reply
  /// @param source the host that sent it
  List<byte[]> receive(byte[] packet, int source, long now) {
    if (packet.length < Pcp.HEADER_BYTES) {
      return List.of();
    }
    return switch (PcpRequest.read(packet, source)) {
      case PcpRequest.Reading.Flawed flawed ->
          List.of(refusal(packet, flawed.why(), flawed.why().lifetimeSeconds(), now));
      case PcpRequest.Reading.Whole whole -> answer(packet, whole.request(), source, now);
    };
  }

  private List<byte[]> answer(byte[] packet, PcpRequest request, int source, long now) {
    return switch (answer(request, source, now)) {
      case PcpAnswer.Met met -> met(met, source, now);
      case PcpAnswer.Denied denied when isTooOften(denied, now) -> List.of();
      case PcpAnswer.Denied denied ->
          List.of(refusal(packet, denied.why(), denied.lifetimeSeconds(), now));
    };
  }

  /// Whoever asks knows by the reply how things are, and need not be told unasked.
  private List<byte[]> met(PcpAnswer.Met met, int source, long now) {
    met.replies().forEach(reply -> updates.cancel(reply.body(), source));
    return met.replies().stream().map(reply -> reply.bytes(epoch.seconds(now))).toList();
  }

  private PcpAnswer answer(PcpRequest request, int source, long now) {
    return switch (request.body()) {
      case PcpBody.Announce announce ->
          new PcpAnswer.Met(new PcpReply(PcpResult.SUCCESS, 0, announce, List.of()));
      case PcpBody.Map wished -> map.answer(request, wished, source, now);
      case PcpBody.Peer wished -> peer.answer(request, wished, source, now);
    };
  }

  private boolean isTooOften(PcpAnswer.Denied denied, long now) {
    return denied.why() == PcpResult.CANNOT_PROVIDE_EXTERNAL && !failures.allows(now);
  }

  private byte[] refusal(byte[] packet, PcpResult why, long lifetimeSeconds, long now) {
    return PcpReply.refusal(packet, why, lifetimeSeconds, epoch.seconds(now));
  }

  /// What another version of the protocol is answered, so that its client takes this one (§9).
  byte[] otherVersion(byte[] packet, long now) {
    PcpResult why = PcpResult.UNSUPP_VERSION;
    return refusal(packet, why, why.lifetimeSeconds(), now);
  }

  /// What is said to all: that the server is there, and since when its state is (§14.1.3).
  byte[] announcement(long now) {
    return new PcpReply(PcpResult.SUCCESS, 0, new PcpBody.Announce(), List.of())
        .bytes(epoch.seconds(now));
  }
}
