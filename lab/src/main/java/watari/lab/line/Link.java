package watari.lab.line;

/// A cable between two nodes.
public record Link(String left, String leftInterface, String right, String rightInterface) {}
