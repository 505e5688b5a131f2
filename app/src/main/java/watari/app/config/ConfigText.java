package watari.app.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The text of a file, with a limit on its size.
final class ConfigText {
  /// Room for about 200,000 rules.
  static final int BYTES_MAX = 16 << 20;

  private ConfigText() {}

  /// The text, or null with the problem said.
  static @Nullable String read(Path file, Problems problems) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(BYTES_MAX + 1);
      if (bytes.length > BYTES_MAX) {
        problems.add(
            Place.WHOLE, "the file is larger than " + (BYTES_MAX >> 20) + " MiB; split it");
        return null;
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException _) {
      problems.add(Place.WHOLE, "there is no such file");
    } catch (CharacterCodingException _) {
      problems.add(Place.WHOLE, "the file is not UTF-8 text");
    } catch (IOException failed) {
      problems.add(Place.WHOLE, "the file cannot be read: " + reason(file, failed));
    }
    return null;
  }

  private static String reason(Path file, IOException failed) {
    if (Files.isDirectory(file)) {
      return "it is a folder";
    }
    return Files.isReadable(file)
        ? String.valueOf(failed.getMessage())
        : "you have no right to read it";
  }
}
