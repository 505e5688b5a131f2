package watari.app.igd;

import java.util.Map;

/// An action as the body of a request has it.
///
/// @param type the namespace, which is the type of the service
/// @param action its name
/// @param arguments by name, in the order they stood
record SoapCall(String type, String action, Map<String, String> arguments) {

  /// What the SOAPACTION header must say.
  String header() {
    return '"' + type + "#" + action + '"';
  }
}
