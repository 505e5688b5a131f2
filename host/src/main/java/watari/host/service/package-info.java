/// Sockets and timers that run a machine of `watari.core.portmap`.
package watari.host.service;
