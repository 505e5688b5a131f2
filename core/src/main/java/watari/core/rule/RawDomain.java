package watari.core.rule;

import java.util.List;

/// A domain as it was written: text that nobody has checked yet, for [RuleLint].
///
/// @param place where it begins, in words for a person: `line 2`
/// @param name for people
/// @param relay the relay's IPv6 address; empty where none was written
/// @param rules its rules, with what the domain says for all of them (offset, layout) filled in
public record RawDomain(String place, String name, String relay, List<RawRule> rules) {
  public RawDomain {
    rules = List.copyOf(rules);
  }
}
