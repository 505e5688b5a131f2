package watari.host.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static watari.host.offload.Register.R0;
import static watari.host.offload.Register.R1;
import static watari.host.offload.Register.R10;
import static watari.host.offload.Register.R2;
import static watari.host.offload.Register.R3;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Encodings by hand from RFC 9669: offset and immediate, registers, opcode.
final class AssemblerTest {
  private static void demand(Consumer<Assembler> written, Long... code) {
    var asm = new Assembler("test");
    written.accept(asm);
    assertThat(asm.program().code()).containsExactly(code);
  }

  @Test
  void movesAndComputes() {
    demand(asm -> asm.move(R2, R1), 0x00000000_0000_12_bfL);
    demand(asm -> asm.move(R0, -1), 0xffffffff_0000_00_b7L);
    demand(asm -> asm.moveLong(R3, 0x1122334455667788L), 0x55667788_0000_03_18L, 0x11223344L << 32);
    demand(asm -> asm.compute(R2, Operation.ADD, 40), 0x00000028_0000_02_07L);
    demand(asm -> asm.compute(R2, Operation.SUBTRACT, R3), 0x00000000_0000_32_1fL);
    demand(asm -> asm.compute(R2, Operation.SHIFT_RIGHT, 8), 0x00000008_0000_02_77L);
    demand(asm -> asm.compute32(R2, Operation.AND, 0xff), 0x000000ff_0000_02_54L);
    demand(asm -> asm.compute32(R2, Operation.XOR, R3), 0x00000000_0000_32_acL);
    demand(asm -> asm.bigEndian(R3, Width.HALF), 0x00000010_0000_03_dcL);
  }

  @Test
  void readsAndWritesMemory() {
    demand(asm -> asm.load(Width.BYTE, R2, R1, 9), 0x00000000_0009_12_71L);
    demand(asm -> asm.load(Width.LONG, R2, R10, -8), 0x00000000_fff8_a2_79L);
    demand(asm -> asm.store(Width.HALF, R1, 2, R3), 0x00000000_0002_31_6bL);
    demand(asm -> asm.store(Width.WORD, R10, -4, 7), 0x00000007_fffc_0a_62L);
    demand(asm -> asm.addInMemory(Width.LONG, R1, 0, R2), 0x00000000_0000_21_dbL);
    demand(asm -> asm.moveMap(R1, 5), 0x00000005_0000_11_18L, 0L);
    demand(asm -> asm.moveMapValue(R1, 5, 64), 0x00000005_0000_21_18L, 64L << 32);
  }

  @Test
  void jumpsForwardsAndBackwards() {
    demand(
        asm -> {
          var back = asm.label("back");
          var forth = asm.label("forth");
          asm.here(back);
          asm.jumpIf(R1, Condition.ABOVE, R2, forth);
          asm.jumpIf32(R1, Condition.EQUAL, 4, back);
          asm.jump(back);
          asm.here(forth);
          asm.call(KernelFunction.REDIRECT);
          asm.exit();
        },
        0x00000000_0002_21_2dL,
        0x00000004_fffe_01_16L,
        0x00000000_fffd_00_05L,
        0x00000017_0000_00_85L,
        0x00000000_0000_00_95L);
  }

  @Test
  void listsWhatAPersonCanRead() {
    var asm = new Assembler("first");
    var pass = asm.label("pass");
    asm.note("an Ethernet header");
    asm.load(Width.WORD, R2, R1, 0);
    asm.moveLong(R3, 1L << 40);
    asm.jumpIf(R2, Condition.BELOW, 14, pass);
    asm.store(Width.WORD, R10, -4, R3);
    asm.here(pass);
    asm.move(R0, 2);
    asm.exit();
    assertThat(asm.program().listing())
        .isEqualTo(
            """
               0  r2 = *(u32 *)(r1 +0)                  ; an Ethernet header
               1  r3 = 0x10000000000
               3  if r2 < 0xe goto pass
               4  *(u32 *)(r10 -4) = r3
            pass:
               5  r0 = 2
               6  exit
            """);
  }

  @Test
  void refusesWhatNoInstructionCanSay() {
    var asm = new Assembler("wrong");
    var lost = asm.label("lost");
    asm.jump(lost);
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(asm::program)
        .withMessage("the label lost is nowhere");
    asm.here(lost);
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> asm.here(lost));
    assertThatIllegalArgumentException().isThrownBy(() -> asm.load(Width.WORD, R0, R1, 0x8000));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> asm.addInMemory(Width.HALF, R1, 0, R2))
        .withMessage("no addition in memory has 2 bytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Assembler("too long a name").program());
  }

  @Test
  void refusesAJumpThatIsTooFar() {
    var asm = new Assembler("far");
    var end = asm.label("end");
    asm.jump(end);
    for (int i = 0; i < 0x8000; i++) {
      asm.move(R0, 0);
    }
    asm.here(end);
    asm.exit();
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(asm::program)
        .withMessage("the label end is too far away: 32768");
  }
}
