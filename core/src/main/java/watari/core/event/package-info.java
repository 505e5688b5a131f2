/// What a person should hear about: values without sentences, which the application words in their
/// language, and the bounded log that keeps them.
package watari.core.event;
