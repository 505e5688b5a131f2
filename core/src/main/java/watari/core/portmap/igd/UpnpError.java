package watari.core.portmap.igd;

/// Why an action is not done, by the numbers of the UPnP Device Architecture (401 to 606) and of
/// WANIPConnection (701 on).
public enum UpnpError {
  INVALID_ACTION(401, "Invalid Action"),
  INVALID_ARGS(402, "Invalid Args"),
  ACTION_FAILED(501, "Action Failed"),
  NOT_AUTHORIZED(606, "Action not authorized"),
  INACTIVE_CONNECTION_REQUIRED(703, "InactiveConnectionStateRequired"),
  CONNECTION_SETUP_FAILED(704, "ConnectionSetupFailed"),
  CONNECTION_ALREADY_TERMINATED(711, "ConnectionAlreadyTerminated"),
  ARRAY_INDEX_INVALID(713, "SpecifiedArrayIndexInvalid"),
  NO_SUCH_ENTRY(714, "NoSuchEntryInArray"),
  WILDCARD_IN_EXTERNAL_PORT(716, "WildCardNotPermittedInExtPort"),
  CONFLICT_IN_MAPPING_ENTRY(718, "ConflictInMappingEntry"),
  INVALID_CONNECTION_SERVICE(721, "InvalidConnectionServiceSelection"),
  NO_PORT_MAPS_AVAILABLE(728, "NoPortMapsAvailable"),
  CONFLICT_WITH_OTHER_MECHANISMS(729, "ConflictWithOtherMechanisms"),
  PORT_MAPPING_NOT_FOUND(730, "PortMappingNotFound"),
  READ_ONLY(731, "ReadOnly"),
  WILDCARD_IN_INTERNAL_PORT(732, "WildCardNotPermittedInIntPort"),
  INCONSISTENT_PARAMETERS(733, "InconsistentParameters");

  private final int code;
  private final String description;

  UpnpError(int code, String description) {
    this.code = code;
    this.description = description;
  }

  public int code() {
    return code;
  }

  public String description() {
    return description;
  }
}
