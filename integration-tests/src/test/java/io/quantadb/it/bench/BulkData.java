package io.quantadb.it.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;

/** The table of the bulk benchmarks, the same for every run, and what is asked of it. */
final class BulkData {
    static final String SCHEMA = """
        drop table if exists bench, bench_groups;
        create table bench (id bigint not null, grp int not null, amount numeric(12, 2) not null, price float8 not null, quantity int not null,
            day date not null, flag char(1) not null, label text);
        create table bench_groups (grp int primary key, name text not null, region int not null);
        insert into bench_groups select g, 'group ' || g, g % 10 from generate_series(0, 999) g;
        """;
    static final List<String> INDEXES = List.of("(id)", "(grp, day)", "(label)");
    private static final long SEED = 42;
    private static final LocalDate FIRST_DAY = LocalDate.of(2020, 1, 1);

    /** A query whose answer leaves nothing open: totally ordered, and no sums of floats. */
    record Query(String name, String sql) {
    }

    private BulkData() {
    }

    static Path write(Path file, int rows) throws IOException {
        Random random = new Random(SEED);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            StringBuilder line = new StringBuilder();
            for (int id = 0; id < rows; id++) {
                line.setLength(0);
                line.append(id).append(',').append(random.nextInt(1_000)).append(',').append(random.nextInt(100_000))
                    .append('.')
                    .append(10 + random.nextInt(90)).append(',').append(random.nextInt(1_000_000) / 64.0).append(',')
                    .append(1 + random.nextInt(50))
                    .append(',').append(FIRST_DAY.plusDays(random.nextInt(2_000))).append(',')
                    .append((char) ('A' + random.nextInt(4))).append(',');
                if (random.nextInt(20) != 0) {
                    line.append("label ").append(random.nextInt(rows / 10 + 1)).append(" of the row");
                }
                out.write(line.append('\n').toString());
            }
        }
        return file;
    }

    static List<Query> queries(int rows) {
        return List.of(new Query("Q1 count all", "select count(*) from bench"),
            new Query("Q2 filtered sum",
            "select sum(amount * quantity) from bench where day between '2021-01-01' and '2021-12-31' and quantity < 24"),
            new Query("Q3 few groups, many aggregates", """
                select flag, count(*), sum(quantity), sum(amount), avg(amount), min(price), max(price) from bench group by flag order by flag"""),
            new Query("Q4 a thousand groups",
            "select grp, count(*), sum(amount), max(day) from bench group by grp order by grp"),
            new Query("Q5 many groups", """
                select count(*), sum(n), max(n) from (select label, count(*) as n from bench group by label) t"""),
            new Query("Q6 join and group", """
                select g.region, count(*), sum(b.amount) from bench b join bench_groups g using (grp) where b.quantity > 10 group by g.region order by 1"""),
            new Query("Q7 large join with itself", """
                select count(*), sum(a.quantity - b.quantity) from bench a join bench b on a.id = b.id + 1 where a.flag = 'A' and b.flag = 'B'"""),
            new Query("Q8 text search", "select count(*), min(label) from bench where label like '%99%row'"),
            new Query("Q9 top rows", "select id, amount, day from bench order by amount desc, id limit 20"),
            new Query("Q10 window over a range", """
                select max(r), sum(total) from (select grp, sum(amount) over (partition by grp order by id) as total, row_number() over
                (partition by grp order by id) as r from bench where id < %d) t""".formatted(rows / 10)));
    }
}
