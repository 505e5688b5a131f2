/// The gateway device of UPnP on the network: its descriptions, its actions by SOAP and its events
/// over HTTP, at the home's side only. What the actions mean is in [watari.core.portmap.igd].
package watari.app.igd;
