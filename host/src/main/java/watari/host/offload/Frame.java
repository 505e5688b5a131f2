package watari.host.offload;

import static watari.host.offload.Condition.ABOVE;
import static watari.host.offload.Operation.ADD;
import static watari.host.offload.Register.R1;
import static watari.host.offload.Register.R3;
import static watari.host.offload.Register.R6;
import static watari.host.offload.Register.R7;
import static watari.host.offload.Width.WORD;

import watari.host.kernel.Bpf.Hook;

/// How a program handles a frame, which depends on the hook where it runs; everything else in a
/// program is the same at all of them.
///
/// The context is in R6. What changes the frame makes R7 and R3 void until [#bounds].
sealed interface Frame permits XdpFrame, TcFrame {
  /// By the means of a hook.
  ///
  /// @param own descriptor of the map of [HopMaps#own]
  static Frame at(Hook hook, Assembler asm, int own) {
    return switch (hook) {
      case XDP -> new XdpFrame(asm, own);
      case TC -> new TcFrame(asm);
    };
  }

  Assembler asm();

  /// Where in the context the address of the frame's first byte is.
  int data();

  /// Where the address behind the last one is that can be read.
  int dataEnd();

  /// What the program gives back where others shall have the frame.
  int pass();

  /// What it gives back where nobody shall.
  int drop();

  /// Leaves the frame's first byte in R7 and what lies behind the last one that can be read in R3.
  ///
  /// @param least how many can be read for sure
  /// @param otherwise where it goes on with a frame that is shorter
  default void bounds(int least, Label otherwise) {
    asm().load(WORD, R7, R6, data());
    asm().load(WORD, R3, R6, dataEnd());
    asm().move(R1, R7);
    asm().compute(R1, ADD, least);
    asm().jumpIf(R1, ABOVE, R3, otherwise);
  }

  /// Lets pass a frame that is not for the device that it came in by, and one with a tag; then as
  /// [#bounds].
  void open(int least, Label pass);

  /// Leaves in R3 how many bytes of the frame follow the one that R7 points to. Wants in R3 what
  /// [#open] left there.
  ///
  /// @param at which one that is, from 0
  void rest(int at);

  /// From the length of the IPv4 packet at R7 in R1 to that of the longest packet that will be on
  /// the wire because of it.
  void longest(Label pass);

  /// Makes room for an IPv6 header behind the Ethernet header, or passes the frame on as it was.
  /// The Ethernet header is to be written anew.
  void wrap(Label pass);

  /// Changes a checksum of TCP or UDP by what has changed of what it covers; then as [#bounds]. May
  /// call the kernel. Wants R7 and R3 as [#bounds] leaves them, with so many bytes there.
  ///
  /// @param at where in the frame it is
  /// @param addresses where on the stack the change of the addresses is, 16 bits as in the packet
  /// @param all where that of the addresses and ports is
  /// @param isUdp whether zero means that there is none
  /// @param drop where no frame goes on, since there was as much before
  void changeSum(int at, int addresses, int all, boolean isUdp, Label drop);

  /// To be called when the IPv6 header is written. Calls the kernel; R7 keeps its place.
  void wrapped();

  /// Takes the IPv6 header away, otherwise as [#wrap].
  void unwrap(Label pass);

  /// Takes as many bytes off the end as R1 says, at least one, or passes the frame on as it was. To
  /// be called before [#wrap].
  void shorten(Label pass);
}
