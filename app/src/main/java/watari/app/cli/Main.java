package watari.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import watari.app.config.Problem;
import watari.core.net.Refused;

/// The way into the product from a shell.
public final class Main {
  private Main() {}

  /// Runs one command line and ends the process with its exit code.
  public static void main(String[] args) {
    System.exit(run(Console.system(), args));
  }

  /// Ends a process that is ending already, with an exit code of ours.
  static void halt(int code) {
    Runtime.getRuntime().halt(code);
  }

  /// Runs one command line; nothing it does escapes as an exception.
  ///
  /// @return the exit code
  static int run(Console console, String... args) {
    var watari = new Watari(console);
    try {
      return isOfService(args)
          ? serve(watari, args[0], Path.of(args[2]))
          : line(watari).execute(args);
    } catch (OutOfMemoryError _) {
      watari.complain(watari.words().say("noMemory"));
      return ExitCode.FAILURE;
    } catch (Error mistake) { // picocli hands on exceptions only
      watari.complain(watari.words().say("mistake", mistake));
      return ExitCode.OUR_MISTAKE;
    }
  }

  /// Whether it is the command line that services have, `relay -c FILE`: it is understood without
  /// picocli, which would take a third of the start. All others, and what picocli would read
  /// otherwise, it has.
  private static boolean isOfService(String... args) {
    return args.length == 3
        && (args[0].equals("gateway") || args[0].equals("relay"))
        && args[1].equals("-c")
        && !args[2].isEmpty()
        && "-@\"'".indexOf(args[2].charAt(0)) < 0;
  }

  private static int serve(Watari watari, String verb, Path file) {
    EndCommand command =
        verb.equals("gateway") ? new GatewayCommand(watari) : new RelayCommand(watari);
    try {
      return command.run(file, false);
    } catch (RuntimeException failed) {
      return failed(watari, failed);
    }
  }

  private static CommandLine line(Watari watari) {
    var console = watari.console();
    var line = new CommandLine(watari);
    line.addSubcommand(new CheckCommand(watari));
    line.addSubcommand(new WhoCommand(watari));
    line.addSubcommand(new ExplainCommand(watari));
    line.addSubcommand(
        new CommandLine(new RulesCommand())
            .addSubcommand(new RulesListCommand(watari))
            .addSubcommand(new RulesLintCommand(watari)));
    line.addSubcommand(new GatewayCommand(watari));
    line.addSubcommand(new RelayCommand(watari));
    ask(line, "status", watari, "What a running gateway or relay is, as JSON.");
    ask(line, "counters", watari, "What a running gateway or relay has counted, as JSON.");
    line.addSubcommand(new EventsCommand(watari));
    line.addSubcommand(new ReloadCommand(watari));
    line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler((wrong, _) -> wrongUsage(watari, wrong));
    line.setExecutionExceptionHandler((failed, _, _) -> failed(watari, failed));
    line.setColorScheme(CommandLine.Help.defaultColorScheme(ansi(console)));
    return line;
  }

  private static void ask(CommandLine line, String verb, Watari watari, String description) {
    var command = new CommandLine(new AskCommand(watari));
    command.getCommandSpec().usageMessage().description(description);
    line.addSubcommand(verb, command);
  }

  private static CommandLine.Help.Ansi ansi(Console console) {
    return console.hasColours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF;
  }

  private static int wrongUsage(Watari watari, ParameterException wrong) {
    watari.complain(
        wrong instanceof UnmatchedArgumentException unmatched
                && wrong.getCommandLine().getCommand() == watari
            ? watari.words().say("usage.noVerb", unmatched.getUnmatched().getFirst())
            : String.valueOf(wrong.getMessage()));
    String name = wrong.getCommandLine().getCommandSpec().qualifiedName();
    watari.complain(watari.words().say("usage.help", name));
    return ExitCode.WRONG_USAGE;
  }

  private static int failed(Watari watari, Exception failed) {
    switch (failed) {
      case Unusable unusable ->
          unusable.problems().stream().map(Problem::toString).forEach(watari::complain);
      case Refused refused -> watari.complain(refused.sentence());
      case IOException io when isReaderGone(io) -> {
        // as in `watari rules list | head`: nothing went wrong
      }
      case IOException io ->
          watari.complain(watari.words().say("ioFailed", String.valueOf(io.getMessage())));
      default -> watari.complain(watari.words().say("mistake", failed));
    }
    return exitCode(failed);
  }

  private static int exitCode(Exception failed) {
    return switch (failed) {
      case Unusable _, Refused _ -> ExitCode.WRONG_USAGE;
      case IOException io -> isReaderGone(io) ? ExitCode.READER_GONE : ExitCode.FAILURE;
      default -> ExitCode.OUR_MISTAKE;
    };
  }

  /// Whether whoever read our output has ended; Java says so only in the kernel's words (EPIPE).
  private static boolean isReaderGone(IOException failed) {
    return "Broken pipe".equals(failed.getMessage());
  }
}
