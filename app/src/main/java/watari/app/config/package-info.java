/// Text files become values: rules, a gateway's and a relay's configuration, and the built-in
/// services. A file is valid as a whole, or every problem is said at once with its place.
///
/// The way of a text: [YamlText] makes a tree of [Node]s that know their places; a [Form] reads a
/// mapping of it key by key; a [Kind] makes one node a value.
package watari.app.config;
