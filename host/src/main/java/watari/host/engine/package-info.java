/// The threads that carry packets: a worker owns its door, its batch and its way.
package watari.host.engine;
