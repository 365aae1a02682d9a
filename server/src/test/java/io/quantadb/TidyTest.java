package io.quantadb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.DefaultExports;
import io.quantadb.config.ServerConfig;
import io.quantadb.sql.parser.SqlParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Goal: the small things stay right: examples parse, links lead somewhere, alerts name metrics that exist. */
class TidyTest {
    private static final long MEMORY = 8L << 30;
    private static final Pattern LINK = Pattern.compile("(?<!!)\\[[^\\]]+\\]\\(([^)\\s]+)\\)");
    private static final Pattern MENTIONED_PATH = Pattern.compile("`((?:[a-z0-9_-]+/)+[A-Za-z0-9_.-]*)`");
    private static final Pattern METRIC = Pattern.compile("\\b(quantadb|jvm|process)_[a-z_]+\\b");
    private static final Set<String> ROOTS = Set.of("server", "wal", "replication", "quantactl", "integration-tests",
            "config-examples", "alerts", "systemd", ".ci");
    /** Written so that this file does not match itself. */
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|HA" + "CK:)\\b");
    private static final Pattern MACHINE = Pattern.compile("(?<![\\w.])/(?:wo" + "rk|ro" + "ot|ho" + "me)/[a-z]"
            + "|repo1?\\.ma" + "ven\\.|registry\\.np" + "mjs|arti" + "factory|/mnt/us" + "er");

    private static void assertNone(List<String> findings) {
        assertEquals("", String.join("\n", findings));
    }

    private static List<Path> files(String extension) throws IOException {
        return SourceTree.textFiles().stream().filter(path -> SourceTree.extension(path).equals(extension)).toList();
    }

    @Test
    void shouldParseEveryConfigurationExample() throws Exception {
        List<Path> examples;
        try (Stream<Path> entries = Files.list(SourceTree.ROOT.resolve("config-examples"))) {
            examples = entries.filter(path -> path.toString().endsWith(".json")).toList();
        }
        assertFalse(examples.isEmpty());
        for (Path example : examples) {
            ServerConfig.load(example, ServerConfig.Overrides.NONE, MEMORY);
        }
    }

    @Test
    void shouldResolveLinksOfDocuments() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path document : files("md")) {
            String text = SourceTree.read(document);
            Matcher links = LINK.matcher(text);
            while (links.find()) {
                String target = links.group(1).replaceFirst("#.*", "");
                if (!target.isEmpty() && !target.contains("://") && !target.startsWith("mailto:")
                        && !Files.exists(SourceTree.ROOT.resolve(document).resolveSibling(target))) {
                    broken.add(document + ": " + target);
                }
            }
            Matcher paths = MENTIONED_PATH.matcher(text);
            while (paths.find()) {
                String target = paths.group(1);
                if (ROOTS.contains(target.substring(0, target.indexOf('/')))
                        && !Files.exists(SourceTree.ROOT.resolve(target))
                        && !Files.exists(SourceTree.ROOT.resolve(document).resolveSibling(target))) {
                    broken.add(document + ": " + target);
                }
            }
        }
        assertNone(broken);
    }

    @Test
    void shouldLeaveNothingUnfinishedAndNameNoMachine() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path path : SourceTree.textFiles()) {
            if (path.toString().contains("src/test/resources")) {
                continue;
            }
            int number = 0;
            for (String line : SourceTree.lines(path)) {
                number++;
                if (UNFINISHED.matcher(line).find() || MACHINE.matcher(line).find()) {
                    found.add(path + ":" + number + ": " + line.strip());
                }
            }
        }
        assertNone(found);
    }

    @Test
    void shouldParseSqlInResources() throws IOException {
        int parsed = 0;
        for (Path path : files("sql")) {
            if (path.toString().contains("src/main/resources")) {
                parsed += parse(path);
            }
        }
        assertTrue(parsed > 100, "statements: " + parsed);
    }

    /** The views' files hold queries without semicolons, each behind a line that names the view. */
    private static int parse(Path path) throws IOException {
        int parsed = 0;
        for (String part : SourceTree.read(path).split("(?m)^-- view .*$")) {
            parsed += SqlParser.parse(part).size();
        }
        return parsed;
    }

    @Test
    void shouldAlertOnMetricsThatExist() throws IOException {
        Set<String> exported = new TreeSet<>();
        DefaultExports.initialize();
        for (MetricFamilySamples family : Collections.list(
                CollectorRegistry.defaultRegistry.metricFamilySamples())) {
            exported.add(family.name);
            family.samples.forEach(sample -> exported.add(sample.name));
        }
        Matcher own = METRIC.matcher(SourceTree.read(
                Path.of("server/src/main/java/io/quantadb/management/ServerMetrics.java")));
        while (own.find()) {
            exported.add(own.group());
            exported.add(own.group() + "_sum");
            exported.add(own.group() + "_count");
        }
        List<String> unknown = new ArrayList<>();
        int named = 0;
        for (Path rules : SourceTree.textFiles().stream().filter(path -> path.startsWith("alerts")).toList()) {
            String expressions = SourceTree.lines(rules).stream().filter(line -> !line.strip().startsWith("#"))
                    .filter(line -> !line.contains("summary:") && !line.contains("description:"))
                    .collect(Collectors.joining("\n"));
            Matcher metrics = METRIC.matcher(expressions);
            while (metrics.find()) {
                named++;
                if (!exported.contains(metrics.group())) {
                    unknown.add(rules + ": " + metrics.group());
                }
            }
        }
        assertNone(unknown);
        assertTrue(named >= 8, "metrics named in alerts: " + named);
    }
}
