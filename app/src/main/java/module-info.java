/// The product: configuration, the controller, the command line.
module watari.app {
  requires static org.jspecify;
  requires transitive watari.host;
  requires info.picocli;
  requires io.helidon.webserver;
  requires java.logging;
  requires java.net.http;
  requires java.xml;
  requires org.snakeyaml.engine;
  requires tools.jackson.core;
  requires tools.jackson.databind;
  requires tools.jackson.dataformat.yaml;

  exports watari.app.config;
  exports watari.app.cli;

  opens watari.app.cli to
      info.picocli;
}
