package watari.app.config;

/// Where something stands in a text.
///
/// @param line counted from 1; 0 means the text as a whole
/// @param column counted from 1
record Place(int line, int column) {
  static final Place WHOLE = new Place(0, 0);
}
