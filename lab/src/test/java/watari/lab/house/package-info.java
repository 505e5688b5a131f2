/// The house test: what the floors and rooms may use, how long a method may be, what must have a
/// doc, and that each cited requirement exists.
///
/// Every rule is a function from classes or sources to sentences, so that it can be asked about the
/// house, where it must find nothing, and about something bad, where it must not.
package watari.lab.house;
