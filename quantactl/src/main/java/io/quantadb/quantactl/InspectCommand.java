package io.quantadb.quantactl;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Offline inspectors: they read files, never write them, and print what they can of a damaged one. */
@Command(name = "inspect", description = "Looks into files of a stopped or running server without changing them.",
        mixinStandardHelpOptions = true,
        subcommands = {WalDumpCommand.class, ControlDataCommand.class, PageDumpCommand.class, VerifyCommand.class})
final class InspectCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }
}
