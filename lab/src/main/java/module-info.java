/// Everything that proves the product and is not shipped.
module watari.lab {
  requires static jdk.compiler; // the house test parses the sources
  requires static org.jspecify;
  requires jdk.httpserver;
  requires tools.jackson.databind;
  requires watari.app;
  requires watari.core;
  requires watari.host;
}
