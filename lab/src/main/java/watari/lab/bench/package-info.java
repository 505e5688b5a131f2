/// How long a packet takes: the benchmarks behind `watari bench core` and `watari bench tun`.
package watari.lab.bench;
