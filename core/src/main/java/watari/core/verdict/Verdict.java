package watari.core.verdict;

/// How the way of one packet ended. The cases are enums, so saying so allocates nothing.
public sealed interface Verdict permits Pass, Drop {}
