/// What should be in the kernel, and the difference to what is: both plain values.
package watari.core.plan;
