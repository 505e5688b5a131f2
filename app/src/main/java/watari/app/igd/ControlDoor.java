package watari.app.igd;

import java.io.IOException;
import java.util.Optional;
import watari.core.portmap.igd.Answer;
import watari.core.portmap.igd.IgdService;
import watari.core.portmap.igd.Question;
import watari.core.portmap.igd.RootDevice;
import watari.core.portmap.igd.ServiceType;
import watari.core.portmap.igd.UpnpError;

/// Takes actions for a service (UPnP Device Architecture §3).
final class ControlDoor {
  private static final int DONE = 200;

  /// SOAP 1.1 has one status for all that went wrong.
  private static final int FAILED = 500;

  private final Visit visit;

  ControlDoor(Visit visit) {
    this.visit = visit;
  }

  HttpReply act(HttpQuestion question, RootDevice device, IgdService service) throws IOException {
    // A browser sends this header to no other site without asking that first, which fails here.
    Optional<String> header = question.header().apply("SOAPACTION");
    if (header.isEmpty()) {
      return HttpReply.plain(400, "the header SOAPACTION is missing");
    }
    try {
      SoapCall call = SoapReader.read(question.body().bytes());
      return call.header().equals(header.get())
          ? act(question, device, service, call)
          : HttpReply.plain(400, "the header SOAPACTION is not " + call.header());
    } catch (BadXml bad) {
      return HttpReply.plain(400, String.valueOf(bad.getMessage()));
    }
  }

  private HttpReply act(HttpQuestion question, RootDevice device, IgdService service, SoapCall call)
      throws IOException {
    Optional<ServiceType> type =
        ServiceType.parse(call.type()).filter(one -> isSpoken(one, device, service));
    if (type.isEmpty()) {
      return HttpReply.xml(FAILED, SoapText.fault(UpnpError.INVALID_ACTION));
    }
    var asked = new Question(device, type.get(), call.action(), call.arguments(), question.from());
    Answer answer = visit.ask(desk -> desk.answer(asked));
    int status = answer instanceof Answer.Failed ? FAILED : DONE;
    return HttpReply.xml(status, SoapText.of(call, answer));
  }

  /// A service speaks the versions before its own too.
  private static boolean isSpoken(ServiceType type, RootDevice device, IgdService service) {
    return type.service() == service && type.version() <= service.type(device.version()).version();
  }
}
