package chat.milena.bench.worker;

import chat.milena.bench.client.UsageFailure;
import chat.milena.bench.replay.Transcript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// Recorded talk with planted spam: which message is which follows from its number, so it is the same in each run.
/// Every second spam is disguised. Immutable.
final class PlantedTexts {
    /// Letters, and those that look like them.
    private static final String LETTERS = "aceopsxyi";

    private static final String TWINS = "асеорѕхуі";
    private static final int CODE_POINTS_MAX = 4_000;

    private final List<String> talk;
    private final List<String> spam;
    private final double share;

    /// @param spam what is planted, as it was written
    /// @param share of spam among all messages
    PlantedTexts(List<String> talk, List<String> spam, double share) {
        if (talk.isEmpty() || spam.isEmpty() || !(share > 0 && share < 1)) {
            throw new UsageFailure("there must be talk and spam, and --share must be between 0 and 1");
        }
        this.talk = List.copyOf(talk);
        this.spam = List.copyOf(spam);
        this.share = share;
    }

    /// @param spam a file with one text a line
    static PlantedTexts read(List<Path> transcripts, Path spam, double share) {
        List<String> talk = transcripts.stream()
                .map(Transcript::read)
                .flatMap(transcript -> transcript.lines().stream())
                .map(Transcript.Line::text)
                .toList();
        try (Stream<String> lines = Files.lines(spam)) {
            return new PlantedTexts(talk, lines.filter(line -> !line.isBlank()).toList(), share);
        } catch (IOException e) {
            throw new UsageFailure("cannot read " + spam + ": " + e.getMessage());
        }
    }

    boolean isSpam(long number) {
        return random(number).nextDouble() < share;
    }

    /// The text of a message.
    String of(long number) {
        SplittableRandom random = random(number);
        if (random.nextDouble() >= share) {
            return cut(talk.get((int) (number % talk.size())));
        }
        String text = spam.get(random.nextInt(spam.size()));
        return cut(random.nextBoolean() ? disguised(text, random) : text);
    }

    private static SplittableRandom random(long number) {
        return new SplittableRandom(number * 0x9E3779B97F4A7C15L);
    }

    /// With look-alike letters, invisible characters or marks on every third letter.
    private static String disguised(String text, SplittableRandom random) {
        int way = random.nextInt(3);
        StringBuilder disguised = new StringBuilder(text.length() * 2);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int twin = LETTERS.indexOf(c);
            disguised.append(way == 0 && twin >= 0 ? TWINS.charAt(twin) : c);
            if (way > 0 && Character.isLetter(c) && i % 3 == 0) {
                disguised.append(way == 1 ? '\u200b' : '\u0336');
            }
        }
        return disguised.toString();
    }

    private static String cut(String text) {
        return text.codePointCount(0, text.length()) <= CODE_POINTS_MAX
                ? text
                : text.substring(0, text.offsetByCodePoints(0, CODE_POINTS_MAX));
    }
}
