/// The ways of packets once more, for the kernel: programs of eBPF (RFC 9669), assembled here.
///
/// [Assembler] puts instructions together and lists them for a person; what a program does is
/// written in the classes that use it. Nothing here decides what a packet's fate is other than
/// `core.path` does: a test runs both on the same packets.
package watari.host.offload;
