package watari.core.provision;

/// Is told every field of the options as it is read, in the order of the bytes.
@FunctionalInterface
public interface S46Fields {

  /// For a reader that needs the options only.
  S46Fields NONE = (_, _, _, _, _) -> {};

  /// Takes one field.
  ///
  /// @param depth 0 for the outermost options, 1 for those in a container, and so on
  /// @param offset of the first byte
  /// @param length in bytes; 0 for a field that has none of its own
  /// @param name the RFC's word for the field
  /// @param value for people
  void field(int depth, int offset, int length, String name, String value);
}
