/// Everything that proves the product and is not shipped.
@SuppressWarnings("requires-automatic") // JMH has no module declaration
module watari.lab {
  requires java.management;
  requires static jdk.compiler; // the house test parses the sources
  requires jdk.httpserver;
  requires jdk.management;
  requires static jmh.core;
  requires static org.jspecify;
  requires tools.jackson.databind;
  requires watari.app;
  requires watari.core;
  requires watari.host;
}
