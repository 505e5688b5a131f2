/// The line where network namespaces are not allowed: the same gateway and relay with doors in
/// memory ([MemoryNetwork]), hosts that speak as much as a proof needs ([Message]), one thread and
/// a clock moved by hand ([MemoryStage]), and what is shown on it ([MemoryProof]).
package watari.lab.memory;
