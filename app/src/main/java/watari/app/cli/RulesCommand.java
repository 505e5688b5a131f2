package watari.app.cli;

import picocli.CommandLine.Command;

/// `watari rules`: the rules themselves.
@Command(name = "rules", synopsisSubcommandLabel = "VERB", description = "The rules: list, lint.")
final class RulesCommand {}
