/// The kernel of Linux as Java methods: libc through the FFM API, netlink, sysctl, the TUN device,
/// sockets of `AF_XDP`.
///
/// The only room that calls native code. Nothing here decides: a method does what its C function or
/// its netlink message does, and says so in one sentence when the kernel refuses.
package watari.host.kernel;
