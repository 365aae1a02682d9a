package io.quantadb.quantactl;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Entry point. Exit codes: 0 done, 1 failed, 2 wrong usage. */
@Command(name = "quantactl", description = "Operates QuantaDB and inspects its files.", mixinStandardHelpOptions = true,
        version = "quantactl 0.1.0", subcommands = {StatusCommand.class, ClusterCommand.class,
                ReplicationCommand.class, InspectCommand.class})
public final class QuantaCtl implements Runnable {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int WRONG_USAGE = 2;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }

    /** The command line with its error handling; output goes to the given writers. */
    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        CommandLine line = new CommandLine(new QuantaCtl());
        line.setOut(out);
        line.setErr(err);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
            if (failure instanceof java.nio.file.NoSuchFileException) {
                message = "no such file: " + message;
            }
            command.getErr().println("quantactl: " + message);
            return FAILED;
        });
        return line;
    }

    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, false);
        PrintWriter err = new PrintWriter(System.err, true);
        int status = commandLine(out, err).execute(arguments);
        out.flush();
        System.exit(status);
    }
}
