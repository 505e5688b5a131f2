/// A MAP-E line on one machine: what it consists of ([Topology]), the network namespaces that hold
/// it ([Namespaces]), the processes that run in them ([Running]), and all of it together ([Line]).
package watari.lab.line;
