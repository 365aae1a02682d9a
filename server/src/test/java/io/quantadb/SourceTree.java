package io.quantadb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The checkout the tests run in. */
final class SourceTree {
    static final Path ROOT = root();
    private static final Set<String> GENERATED =
            Set.of("target", ".git", ".idea", ".vscode", "quantadb-data", "node_modules");
    private static final Set<String> TEXT =
            Set.of("java", "md", "xml", "json", "yml", "yaml", "sql", "sh", "txt", "tsv",
            "py", "service", "properties", "slt", "spec", "wire", "golden", "hex", "plan", "");

    private SourceTree() {
    }

    private static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(at.resolve("config-examples"))) {
            at = at.getParent();
            if (at == null) {
                throw new IllegalStateException("no checkout around " + Path.of("").toAbsolutePath());
            }
        }
        return at;
    }

    /** Tracked text files, by git where there is one, else all that is not generated; relative to the root. */
    static List<Path> textFiles() throws IOException {
        return files().stream().filter(path -> TEXT.contains(extension(path))).toList();
    }

    private static List<Path> files() throws IOException {
        if (Files.exists(ROOT.resolve(".git"))) {
            try {
                Process git = new ProcessBuilder("git", "ls-files", "-z").directory(ROOT.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD).start();
                String names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (git.waitFor() == 0 && !names.isEmpty()) {
                    return Stream.of(names.split("\0")).map(Path::of).filter(p -> Files.isRegularFile(ROOT.resolve(p)))
                            .toList();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                // No git here: the files themselves have to do.
                return walk();
            }
        }
        return walk();
    }

    private static List<Path> walk() throws IOException {
        Set<Path> found = new TreeSet<>();
        try (Stream<Path> paths = Files.walk(ROOT)) {
            paths.filter(Files::isRegularFile).map(ROOT::relativize).filter(path -> {
                for (Path part : path) {
                    if (GENERATED.contains(part.toString())) {
                        return false;
                    }
                }
                return true;
            }).forEach(found::add);
        }
        return List.copyOf(found);
    }

    static String extension(Path path) {
        String name = path.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot <= 0 ? "" : name.substring(dot + 1);
    }

    static String read(Path relative) throws IOException {
        return Files.readString(ROOT.resolve(relative), StandardCharsets.UTF_8);
    }

    static List<String> lines(Path relative) throws IOException {
        return Files.readAllLines(ROOT.resolve(relative), StandardCharsets.UTF_8);
    }
}
