package watari.app.control;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/// A folder as a ledger sees it: just enough to say what survives a crash.
///
/// What is written is safe after [DiskFile#force], and a file's name after [#forceFolder].
interface Disk extends Closeable {

  /// The content of a file, or nothing where there is no such file.
  Optional<byte[]> read(String name) throws IOException;

  /// An empty file of this name, in place of any other.
  DiskFile create(String name) throws IOException;

  /// A file that is there, to be written on at its end.
  DiskFile open(String name) throws IOException;

  /// Puts a file in the place of another, all at once.
  void rename(String from, String to) throws IOException;

  /// Makes the names safe.
  void forceFolder() throws IOException;

  /// A file that grows.
  interface DiskFile extends Closeable {
    /// Writes all of it at the end.
    void append(byte[] bytes) throws IOException;

    /// Takes away all behind the first `length` bytes.
    void cut(long length) throws IOException;

    /// Makes the content safe.
    void force() throws IOException;
  }
}
