/// Everything that proves the product and is not shipped.
module watari.lab {
  requires static org.jspecify;
  requires jdk.httpserver;
  requires tools.jackson.databind;
  requires watari.app;
  requires watari.core;
  requires watari.host;
}
