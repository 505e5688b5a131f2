/// Everything that proves the product and is not shipped.
module watari.lab {
  requires static org.jspecify;
  requires watari.app;
  requires watari.host;
}
