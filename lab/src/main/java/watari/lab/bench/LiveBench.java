package watari.lab.bench;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import watari.lab.line.Rights;

/// A benchmark whose rows end in a page of the docs.
interface LiveBench {
  /// Sentences on how it is measured, before anything is.
  List<String> conditions();

  /// The head of its table on a terminal.
  String head();

  /// Measures everything, telling each row.
  ///
  /// @return what the docs shall have, whose name is that of the benchmark
  Page measure() throws IOException;

  /// What makes a benchmark.
  @FunctionalInterface
  interface Maker {
    /// A benchmark that does what is wished.
    ///
    /// @param out takes the rows
    LiveBench make(CarrierWish wish, Core core, Consumer<String> out);
  }

  /// Measures and tells it.
  ///
  /// @param name that follows `bench`
  /// @param use how it is called
  /// @param arguments what follows the name
  /// @param out takes the lines of the table
  /// @return the exit code, 0 when all was measured
  /// @throws watari.core.net.Refused when an argument is wrong
  /// @throws IOException when it cannot be measured here
  static int run(String name, String use, List<String> arguments, Consumer<String> out, Maker maker)
      throws IOException {
    var wish = CarrierWish.parse(use, arguments);
    if (!(Rights.find() instanceof Rights.Here)) {
      throw new IOException("bench " + name + " makes network namespaces: run it as root");
    }
    var bench = maker.make(wish, Core.find(), out);
    bench.conditions().forEach(out);
    out.accept("load at the start: " + Load.now());
    out.accept("");
    out.accept(bench.head());
    var page = bench.measure();
    out.accept("");
    out.accept("load at the end: " + Load.now());
    if (wish.json().isPresent()) {
      Page.json(wish.json().get(), page.values());
    }
    if (wish.docs().isPresent()) {
      Page.write(wish.docs().get(), name, page);
    }
    return 0;
  }
}
