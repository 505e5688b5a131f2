package watari.core.provision;

import java.util.List;

/// What bytes that should be S46 options are.
public sealed interface S46Reading {

  /// Well-formed options.
  ///
  /// @param options in the order of the bytes
  record Options(List<S46Option> options) implements S46Reading {}

  /// Bytes that are none.
  ///
  /// @param offset of the first byte that is wrong
  /// @param sentence what is wrong
  record Malformed(int offset, String sentence) implements S46Reading {}
}
