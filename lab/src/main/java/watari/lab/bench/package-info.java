/// How long a packet takes: the benchmarks behind `watari bench core`.
package watari.lab.bench;
