/// How a line says its rules: here the S46 options of DHCPv6 (RFC 7598, RFC 8026).
package watari.core.provision;
