package chat.milena.standalone.e2e;

import chat.milena.bench.replay.Transcript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;

/// What there is to replay: recorded talk where it lies beside the checkout, and made-up talk, the same each time.
final class Transcripts {
    private static final Instant START = Instant.parse("2026-01-02T03:04:00Z");
    private static final String RECORDED = "shared/data/ubuntu-irc";
    private static final int TEXT_CODE_POINTS_MAX = 4_000;

    private Transcripts() {}

    /// The beginnings of some recorded files; none where there are none.
    static List<Transcript> recorded(int files, int linesEach) throws IOException {
        Path up = Path.of("").toAbsolutePath();
        while (up != null && !Files.isDirectory(up.resolve(RECORDED))) {
            up = up.getParent();
        }
        if (up == null) {
            System.out.println("there is no recorded talk beside this checkout; only made-up talk is replayed");
            return List.of();
        }
        try (Stream<Path> listed = Files.list(up.resolve(RECORDED))) {
            return listed.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .limit(files)
                    .map(Transcript::read)
                    .map(whole -> new Transcript(
                            whole.name(),
                            whole.lines()
                                    .subList(
                                            0, Math.min(linesEach, whole.lines().size()))))
                    .toList();
        }
    }

    /// So many lines of so many people, a few of them long.
    static Transcript made(String name, int people, int lines, long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        List<Transcript.Line> made = new ArrayList<>();
        for (int i = 0; i < lines; i++) {
            String user = name + "-" + (i < people ? i : random.nextInt(people));
            String words = "line " + i + " \ud83d\udcac ";
            String text = random.nextInt(50) == 0 ? words.repeat(200) : words;
            made.add(new Transcript.Line(START.plusSeconds(i), user, text));
        }
        return new Transcript(name, made);
    }

    /// Every code point that text can hold, NUL and those that stand for nothing too, in messages as long as may be.
    static Transcript allOfUnicode(String name) {
        List<Transcript.Line> made = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int length = 0;
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                continue;
            }
            text.appendCodePoint(codePoint);
            length++;
            if (length == TEXT_CODE_POINTS_MAX || codePoint == Character.MAX_CODE_POINT) {
                made.add(new Transcript.Line(START, name + "-" + made.size() % 3, text.toString()));
                text.setLength(0);
                length = 0;
            }
        }
        return new Transcript(name, made);
    }
}
